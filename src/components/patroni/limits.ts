/**
 * A replica does not start with less of these than its primary has:
 * https://www.postgresql.org/docs/17/hot-standby.html#HOT-STANDBY-ADMIN
 */
export const limitsOfReplicas = [
  'max_connections',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'max_wal_senders',
  'max_worker_processes',
]

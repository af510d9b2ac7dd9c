import type { RenderContext } from '../component.ts'
import type { Entry } from './yaml.ts'

type Settings = RenderContext['stack']['declared']['database']['settings']

const megabyte = 1024 ** 2

/**
 * Settings that all database servers must have alike, or a replica refuses to start. Patroni takes them from etcd only:
 * https://patroni.readthedocs.io/en/latest/patroni_configuration.html#postgresql-parameters-controlled-by-patroni
 */
const sharedNames: ReadonlySet<string> = new Set([
  'max_connections',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'max_replication_slots',
  'max_wal_senders',
  'max_worker_processes',
  'track_commit_timestamp',
  'wal_keep_size',
])

const maxConnections = 200

/** How many connections PostgreSQL takes. */
export const connectionLimit = ({ declared }: Pick<RenderContext['stack'], 'declared'>): number =>
  Number(declared.database.settings['max_connections'] ?? maxConnections)

/** What all database servers share; not by memory, since theirs may differ. The user's settings win. */
export function sharedSettings(settings: Settings): readonly Entry[] {
  return withUsers(
    shared,
    Object.entries(settings).filter(([name]) => sharedNames.has(name)),
  )
}

/** What this server's PostgreSQL is told, by the memory of the server. The user's settings win. */
export function localSettings({ server, facts, stack }: RenderContext): readonly Entry[] {
  const { settings } = stack.declared.database
  const ours = [
    ...memorySettings(facts.memoryBytes, connectionLimit(stack)),
    ...usual,
    ...unexecuted,
    nameOfServer(server.name),
  ]
  return withUsers(
    ours,
    Object.entries(settings).filter(([name]) => !sharedNames.has(name)),
  )
}

/** What PostgreSQL reads only when it starts: the rest is taken in while it runs. */
export function restartSettings(context: RenderContext): readonly Entry[] {
  const all = [...sharedSettings(context.stack.declared.database.settings), ...localSettings(context)]
  return all.filter(({ name }) => restartNames.has(name))
}

/** Those of `select name from pg_settings where context = 'postmaster'` that may be set here. */
const restartNames: ReadonlySet<string> = new Set([
  'autovacuum_freeze_max_age',
  'autovacuum_max_workers',
  'autovacuum_multixact_freeze_max_age',
  'bonjour',
  'bonjour_name',
  'commit_timestamp_buffers',
  'dynamic_shared_memory_type',
  'huge_page_size',
  'huge_pages',
  'ignore_invalid_pages',
  'jit_provider',
  'logging_collector',
  'max_connections',
  'max_files_per_process',
  'max_locks_per_transaction',
  'max_logical_replication_workers',
  'max_notify_queue_pages',
  'max_pred_locks_per_transaction',
  'max_prepared_transactions',
  'max_replication_slots',
  'max_wal_senders',
  'max_worker_processes',
  'min_dynamic_shared_memory',
  'multixact_member_buffers',
  'multixact_offset_buffers',
  'notify_buffers',
  'pg_stat_statements.max',
  'recovery_init_sync_method',
  'reserved_connections',
  'serializable_buffers',
  'shared_buffers',
  'shared_memory_type',
  'shared_preload_libraries',
  'subtransaction_buffers',
  'superuser_reserved_connections',
  'track_activity_query_size',
  'track_commit_timestamp',
  'transaction_buffers',
  'wal_buffers',
  'wal_decode_buffer_size',
])

const shared: readonly Entry[] = [
  {
    name: 'max_connections',
    value: maxConnections,
    why: 'Room for the pools of many app servers, twice while a release is rolled out.',
  },
  { name: 'max_wal_senders', value: 16, why: 'One for each replica, and some for copies and backups.' },
  { name: 'max_replication_slots', value: 16 },
  { name: 'wal_keep_size', value: '128MB', why: 'A replica that was away for a moment catches up without a new copy.' },
]

function memorySettings(memoryBytes: number, connections: number): readonly Entry[] {
  const memory = memoryBytes / megabyte
  const buffers = memory / 4
  const inMegabytes = (amount: number, least: number, most = Infinity): string =>
    `${Math.floor(Math.min(most, Math.max(least, amount)))}MB`
  return [
    {
      name: 'shared_buffers',
      value: inMegabytes(buffers, 32),
      why: 'A quarter of the memory; the kernel caches in the rest.',
    },
    {
      name: 'effective_cache_size',
      value: inMegabytes(memory * 0.6, 64),
      why: 'What PostgreSQL and the kernel cache together; etcd and Patroni live here too.',
    },
    {
      name: 'work_mem',
      value: inMegabytes((memory - buffers) / (connections * 3), 4, 256),
      why: 'For each sort; so small that all connections sorting at once still fit.',
    },
    {
      name: 'maintenance_work_mem',
      value: inMegabytes(memory / 16, 32, 1024),
      why: 'For building indexes and vacuum: few at a time, so each may have more.',
    },
  ]
}

const usual: readonly Entry[] = [
  {
    name: 'checkpoint_timeout',
    value: '5min',
    why: 'After a crash at most so much has to be replayed: it bounds how long a start takes.',
  },
  { name: 'max_wal_size', value: '1GB' },
  {
    name: 'max_slot_wal_keep_size',
    value: '4GB',
    why: 'A replica that never returns cannot fill the disk of the primary.',
  },
  { name: 'random_page_cost', value: 1.1, why: 'Disks of today read any page about as fast as the next one.' },
  { name: 'effective_io_concurrency', value: 100 },
  {
    name: 'jit',
    value: false,
    why: 'Compiling a query costs more than it saves in the short queries of a web application.',
  },
  {
    name: 'wal_sender_timeout',
    value: '5s',
    why: 'An unreachable replica is noticed in seconds, and so is a primary.',
  },
  { name: 'wal_receiver_timeout', value: '5s' },
  {
    name: 'wal_retrieve_retry_interval',
    value: '500ms',
    why: 'A replica is refused until a new primary has established its term; then it should not wait for seconds.',
  },
  {
    name: 'tcp_keepalives_idle',
    value: 30,
    why: 'Connections whose app server died are ended, and their locks with them.',
  },
  { name: 'tcp_keepalives_interval', value: 5 },
  { name: 'tcp_keepalives_count', value: 3 },
  { name: 'tcp_user_timeout', value: '30s' },
  { name: 'client_connection_check_interval', value: '5s', why: 'A query whose client is gone stops.' },
  {
    name: 'idle_in_transaction_session_timeout',
    value: '5min',
    why: 'A forgotten transaction holds locks and keeps vacuum from its work.',
  },
  {
    name: 'shared_preload_libraries',
    value: 'pg_stat_statements',
    why: 'Which queries take the time; could not be turned on later without a restart.',
  },
  { name: 'track_io_timing', value: true },
  {
    name: 'logging_collector',
    value: false,
    why: "PostgreSQL's words go to the journal with Patroni's: `journalctl --namespace=traffic -u patroni`.",
  },
  { name: 'log_destination', value: 'stderr' },
  { name: 'log_line_prefix', value: 'postgres[%p] %q%u@%d %a: ', why: 'The journal adds the time.' },
  { name: 'log_min_duration_statement', value: '500ms' },
  { name: 'log_lock_waits', value: true },
  { name: 'log_temp_files', value: '16MB', why: 'A sort that did not fit into work_mem.' },
]

/** Local settings win over those in etcd, where they would run commands or load code on every database server. */
const unexecuted: readonly Entry[] = [
  { name: 'archive_command', value: '', why: 'Nothing is run, and no code loaded, because it stands in etcd.' },
  { name: 'archive_library', value: '' },
  { name: 'ssl_passphrase_command', value: '' },
  { name: 'session_preload_libraries', value: '' },
  { name: 'local_preload_libraries', value: '' },
]

const nameOfServer = (name: string): Entry => ({
  name: 'trimaran.server',
  value: name,
  why: "Which server answers: `select current_setting('trimaran.server', true)`.",
})

function withUsers(ours: readonly Entry[], users: readonly (readonly [string, Entry['value']])[]): readonly Entry[] {
  const chosen = new Map(users)
  return [
    ...ours.filter(({ name }) => !chosen.has(name)),
    ...users.map(([name, value], position): Entry => ({
      name,
      value,
      ...(position === 0 && { why: 'From `database.settings` of the stack.' }),
    })),
  ]
}

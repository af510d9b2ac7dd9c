import type { RenderContext } from '../component.ts'
import type { Entry } from './yaml.ts'

type Settings = RenderContext['stack']['declared']['database']['settings']

const megabyte = 1024 ** 2

/**
 * Settings that must be equal on all database servers, or a replica does not start. Patroni takes them from etcd only:
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

/** The settings of all database servers; independent of memory, which may differ. The user's settings win. */
export function sharedSettings(settings: Settings): readonly Entry[] {
  return withUsers(
    shared,
    Object.entries(settings).filter(([name]) => sharedNames.has(name)),
  )
}

/** The settings of this server's PostgreSQL, by its memory. The user's settings win. */
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

/** The settings that need a restart of PostgreSQL; all others need only a reload. */
export function restartSettings(context: RenderContext): readonly Entry[] {
  const all = [...sharedSettings(context.stack.declared.database.settings), ...localSettings(context)]
  return all.filter(({ name }) => restartNames.has(name))
}

/**
 * The result of `select name from pg_settings where context = 'postmaster'`, without those that may not be set here.
 */
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
    why: 'Enough for the pools of many app servers, twice during a deploy.',
  },
  { name: 'max_wal_senders', value: 16, why: 'One for each replica, and some for copies and backups.' },
  { name: 'max_replication_slots', value: 16 },
  { name: 'wal_keep_size', value: '128MB', why: 'A replica that was off for a moment catches up without a new copy.' },
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
      why: 'A quarter of the memory; the kernel uses the rest as cache.',
    },
    {
      name: 'effective_cache_size',
      value: inMegabytes(memory * 0.6, 64),
      why: 'The cache of PostgreSQL and the kernel together; etcd and Patroni need some memory, too.',
    },
    {
      name: 'work_mem',
      value: inMegabytes((memory - buffers) / (connections * 3), 4, 256),
      why: 'For each sort; small enough for all connections to sort at once.',
    },
    {
      name: 'maintenance_work_mem',
      value: inMegabytes(memory / 16, 32, 1024),
      why: 'For index builds and vacuum: few run at a time, so each may have more.',
    },
  ]
}

const usual: readonly Entry[] = [
  {
    name: 'checkpoint_timeout',
    value: '5min',
    why: 'Limits how much WAL a start after a crash must replay.',
  },
  { name: 'max_wal_size', value: '1GB' },
  {
    name: 'max_slot_wal_keep_size',
    value: '4GB',
    why: 'A replica that never returns cannot fill the disk of the primary.',
  },
  { name: 'random_page_cost', value: 1.1, why: 'SSDs read random pages about as fast as sequential ones.' },
  { name: 'effective_io_concurrency', value: 100 },
  {
    name: 'jit',
    value: false,
    why: 'Compiling costs more than it saves in the short queries of a web application.',
  },
  {
    name: 'wal_sender_timeout',
    value: '5s',
    why: 'An unreachable replica or primary is noticed in seconds.',
  },
  { name: 'wal_receiver_timeout', value: '5s' },
  {
    name: 'wal_retrieve_retry_interval',
    value: '500ms',
    why: 'A replica is refused until a new primary has established its term; then it should reconnect at once.',
  },
  {
    name: 'tcp_keepalives_idle',
    value: 30,
    why: 'Connections of a dead app server are ended, with their locks.',
  },
  { name: 'tcp_keepalives_interval', value: 5 },
  { name: 'tcp_keepalives_count', value: 3 },
  { name: 'tcp_user_timeout', value: '30s' },
  { name: 'client_connection_check_interval', value: '5s', why: 'A query whose client is gone stops.' },
  {
    name: 'idle_in_transaction_session_timeout',
    value: '5min',
    why: 'A forgotten transaction holds locks and blocks vacuum.',
  },
  {
    name: 'shared_preload_libraries',
    value: 'pg_stat_statements',
    why: 'Shows which queries take the time; could not be turned on later without a restart.',
  },
  { name: 'track_io_timing', value: true },
  {
    name: 'logging_collector',
    value: false,
    why: "PostgreSQL's log goes to the journal with Patroni's: `journalctl --namespace=traffic -u patroni`.",
  },
  { name: 'log_destination', value: 'stderr' },
  { name: 'log_line_prefix', value: 'postgres[%p] %q%u@%d %a: ', why: 'The journal adds the time.' },
  { name: 'log_min_duration_statement', value: '500ms' },
  { name: 'log_lock_waits', value: true },
  { name: 'log_temp_files', value: '16MB', why: 'Logs sorts that did not fit into work_mem.' },
  {
    name: 'allow_alter_system',
    value: false,
    why: 'Settings stand in one place: `database.settings` of the stack.',
  },
]

/** Settings that run commands or load code are set locally, so that values in etcd cannot override them. */
const unexecuted: readonly Entry[] = [
  { name: 'archive_command', value: '', why: 'Set here so that a value in etcd cannot run commands or load code.' },
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

import { postgresPort } from '../patroni/index.ts'
import type { RenderContext } from '../component.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { paths, poolPort } from './paths.ts'
import { type PoolSizes, tunePool } from './tune.ts'

/** A line of the file, with the reason above it where there is one. */
interface Entry {
  readonly name: string
  readonly value: string | number
  readonly why?: string
}

/**
 * PgBouncer's whole configuration on one app server, for version 1.24. The sidecar gives up an unreachable database server after
 * three seconds, and ends connections to a former primary.
 */
export function renderConfig(context: RenderContext): string {
  const { stack, server } = context
  const databases = ['app', ...stack.declared.database.databases]
  return `${placedByTrimaran}
${reasonsOn('pool')}
; The pool between the app on ${server.name} and its sidecar.

[databases]
; Each leads to the sidecar on this server, which knows the primary: no address of the database tier is needed here.
${databases.map((name) => `${name} = host=127.0.0.1 port=${postgresPort}`).join('\n')}

[pgbouncer]
${[...listeners, ...access, ...sizes(tunePool(context)), ...waits, ...words].map(line).join('\n')}
`
}

/** The users and passwords for both sides: the app's own. */
export const renderUsers = (secret: RenderContext['secret']): string => `"app" "${secret('postgres-app')}"\n`

const line = ({ name, value, why }: Entry): string =>
  `${why === undefined ? '' : `; ${why}\n`}${name} = ${value}`.trimEnd()

const listeners: readonly Entry[] = [
  { name: 'listen_addr', value: '127.0.0.1', why: 'For the app on this server only.' },
  { name: 'listen_port', value: poolPort },
  { name: 'unix_socket_dir', value: paths.sockets, why: `The console, for root: ${paths.console}.` },
  { name: 'unix_socket_mode', value: '0700' },
]

const access: readonly Entry[] = [
  { name: 'auth_type', value: 'scram-sha-256' },
  { name: 'auth_file', value: paths.users },
  {
    name: 'ignore_startup_parameters',
    value: 'extra_float_digits',
    why: 'JDBC always sends it. Other settings are refused, since they would be lost between transactions.',
  },
]

const sizes = ({ clients, perDatabase, together }: PoolSizes): readonly Entry[] => [
  {
    name: 'pool_mode',
    value: 'transaction',
    why: 'A connection to the database is lent for one transaction at a time.',
  },
  {
    name: 'max_prepared_statements',
    value: 200,
    why: 'Statements that were prepared on one connection also work on the next one.',
  },
  { name: 'max_client_conn', value: clients, why: 'By the memory of this server; more are refused.' },
  {
    name: 'default_pool_size',
    value: perDatabase,
    why: 'By the cores of this server: more transactions at a time would only wait for each other.',
  },
  {
    name: 'max_user_connections',
    value: together,
    why: 'Over all databases; all pools together leave a fifth of max_connections free.',
  },
]

const waits: readonly Entry[] = [
  {
    name: 'query_wait_timeout',
    value: 30,
    why: 'Seconds for which a query may wait for a connection: longer than a switchover or failover takes.',
  },
  {
    name: 'server_login_retry',
    value: 0.2,
    why: 'After a failover it reconnects fast; attempts end at the sidecar, and cost the database nothing.',
  },
  {
    name: 'server_connect_timeout',
    value: 5,
    why: 'The sidecar itself tries for four seconds to reach a primary.',
  },
  { name: 'server_check_delay', value: 5, why: 'A connection that was idle for longer is tried before it is lent.' },
  {
    name: 'server_idle_timeout',
    value: 60,
    why: 'After a burst, the connections that it needed go back to the database.',
  },
  { name: 'server_lifetime', value: 300, why: 'Limits memory that connections leak.' },
  {
    name: 'server_fast_close',
    value: 1,
    why: 'Connections that a reload or RECONNECT replaces end with their transaction.',
  },
]

const words: readonly Entry[] = [
  { name: 'log_connections', value: 0, why: 'Errors go to the journal; connects and disconnects are not logged.' },
  { name: 'log_disconnections', value: 0 },
  { name: 'log_stats', value: 0 },
]

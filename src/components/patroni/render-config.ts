import { isDrained } from '../../stack/stack-state.ts'
import { peersOf, serversOf, etcdMembers } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { clientPort } from '../etcd/index.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { passwordOf } from './passwords.ts'
import { paths, postgresPort, restPort } from './paths.ts'
import { accessLines } from './render-access.ts'
import { sharedConfig } from './shared-config.ts'
import { localSettings, sharedSettings } from './tuning.ts'
import { yamlLines, yamlValue } from './yaml.ts'

/** Patroni's whole configuration for one database server, passwords included. */
export const renderConfig = (context: RenderContext): string => `${placedByTrimaran}
${reasonsOn('fast-failover', 'postgresql-settings')}

scope: ${yamlValue(context.stack.name)}
name: ${yamlValue(context.server.name)}

${renderEtcd(context)}
log:
  # The journal adds time and unit.
  format: '%(levelname)s: %(message)s'

${renderRestApi(context)}
${renderBootstrap(context)}
${renderTags(context)}${renderPostgresql(context)}${serversOf(context.stack, 'database').length > 1 ? withPeers : alone}`

function renderEtcd({ stack }: RenderContext): string {
  const hosts = etcdMembers(stack).map(({ address }) => yamlValue(`${address}:${clientPort}`))
  return `etcd3:
  hosts: [${hosts.join(', ')}]
  protocol: https
  cacert: ${paths.caller.authority}
  cert: ${paths.caller.certificate}
  key: ${paths.caller.key}
`
}

function renderRestApi({ stack, server, secret }: RenderContext): string {
  const address = yamlValue(`${server.address}:${restPort}`)
  const databases = serversOf(stack, 'database').map((one) => yamlValue(one.address))
  return `restapi:
  # HAProxy on the app servers checks here which server is the primary. Requests that change something need the password.
  listen: ${address}
  connect_address: ${address}
  # Many app servers may connect at the same moment; with the default of 5 some would wait.
  request_queue_size: 64
  authentication:
    username: patroni
    password: ${yamlValue(secret('patroni-rest'))}
  # Only database servers may send requests that change something. A fixed list, since the list of members is in etcd.
  allowlist: [${databases.join(', ')}]
`
}

const renderBootstrap = ({ stack }: RenderContext): string => `bootstrap:
  # Kept in etcd, the same for all database servers. \`systemctl reload patroni\` copies it there.
  dcs:
${yamlLines(sharedConfig(stack), 4)}
    postgresql:
      parameters:
${yamlLines(sharedSettings(stack.declared.database.settings), 8)}
  # Used once, when the first server creates the database.
  initdb:
    # Detects damaged pages, and pg_rewind needs it.
    - data-checksums
    - encoding: UTF8
    # PostgreSQL's own collation: an upgrade of Debian's C library cannot break an index.
    - locale-provider: builtin
    - builtin-locale: C.UTF-8
    - locale: C.UTF-8
    - auth-local: peer
    - auth-host: scram-sha-256
  # Creates the role and the database of the app. The password is in the file, not on a command line.
  post_bootstrap: ${paths.programs}/psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=${paths.firstSql}
`

/** Followed by `withPeers` or `alone`, which continue its settings. */
function renderPostgresql(context: RenderContext): string {
  const { stack, server, secret } = context
  const port = yamlValue(`${server.address}:${postgresPort}`)
  const access = accessLines(stack).map((line) => `    - ${line}`)
  return `postgresql:
  listen: ${yamlValue(`127.0.0.1,${server.address}:${postgresPort}`)}
  connect_address: ${port}
  data_dir: ${paths.data}
  bin_dir: ${paths.programs}
  # In memory: it contains the replication password.
  pgpass: ${paths.passwords}
  # Patroni itself uses the local socket, independent of network and passwords.
  use_unix_socket: true
  use_unix_socket_repl: true
  # A former primary with a diverged history is rewound; if that fails it is copied again.
  # No acknowledged write is dropped: the new primary has them all, or it would not have been promoted.
  use_pg_rewind: true
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  basebackup:
    # A new replica starts its copy at once instead of waiting for the next checkpoint.
    - checkpoint: fast
  # Settings that run commands or name programs are set here, so that values in etcd cannot override them.
  create_replica_methods: [basebackup]
  recovery_conf: {}
  before_stop: ''
  bin_name: {}
  authentication:
    superuser:
      username: postgres
      password: ${yamlValue(passwordOf('postgres', secret))}
    replication:
      username: replicator
      password: ${yamlValue(passwordOf('replicator', secret))}
    rewind:
      username: rewind
      password: ${yamlValue(passwordOf('rewind', secret))}
  # Who may log in from where. The first match wins; all others are rejected.
  pg_hba:
${access.join('\n')}
  parameters:
    unix_socket_directories: ${yamlValue(paths.sockets)}
${yamlLines(localSettings(context), 4)}
`
}

/** The tags of a drained server; none where all others are drained, too, since one of them must be the primary. */
function renderTags({ stack, server, stackState }: RenderContext): string {
  const othersServe = peersOf(stack, server).some(({ name }) => !isDrained(stackState, name))
  return isDrained(stackState, server.name) && othersServe ? aside : ''
}

const aside = `# This server is drained: it follows the primary, and nobody depends on it.
tags:
  # Never promoted. So it must not be the only one that confirms a write: nosync.
  nofailover: true
  nosync: true
  # Gets no reads.
  noloadbalance: true

`

const withPeers = `  # Run with the leader key in hand: promoted is only who has all that was acknowledged, and says so to etcd.
  pre_promote: "sh -c 'if [ -x ${paths.establishTerm} ]; then exec ${paths.establishTerm}; fi'"
  callbacks:
    # etcd's leader should not be on the primary's server: see the script.
    on_role_change: ${paths.moveEtcdLeader}
    on_start: ${paths.moveEtcdLeader}

watchdog:
  # The kernel's watchdog, if there is one, restarts a primary whose Patroni hangs, before another one is promoted.
  mode: automatic
  device: /dev/watchdog
  safety_margin: 5
`

const alone = `  pre_promote: ''
  callbacks: {}

watchdog:
  # No other server could take over, so a restart would not help.
  mode: 'off'
`

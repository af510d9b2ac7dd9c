import { isDrained } from '../../stack/stack-state.ts'
import { peersOf, serversOf, etcdMembers } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { clientPort } from '../etcd/index.ts'
import { placedByTrimaran } from '../placed.ts'
import { passwordOf } from './passwords.ts'
import { paths, postgresPort, restPort } from './paths.ts'
import { accessLines } from './render-access.ts'
import { sharedConfig } from './shared-config.ts'
import { localSettings, sharedSettings } from './tuning.ts'
import { yamlLines, yamlValue } from './yaml.ts'

/** Patroni's whole configuration for one database server, passwords included. */
export const renderConfig = (context: RenderContext): string => `${placedByTrimaran}

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
  # HAProxy on the app servers asks here who is the primary; whatever changes something needs the password.
  listen: ${address}
  connect_address: ${address}
  # Many app servers may ask at the same moment; the default of 5 would let some of them wait.
  request_queue_size: 64
  authentication:
    username: patroni
    password: ${yamlValue(secret('patroni-rest'))}
  # And whatever changes something is asked for by database servers alone. Not by whoever is a member: that stands in etcd.
  allowlist: [${databases.join(', ')}]
`
}

const renderBootstrap = ({ stack }: RenderContext): string => `bootstrap:
  # Kept in etcd, alike for all database servers. \`systemctl reload patroni\` brings what stands here there.
  dcs:
${yamlLines(sharedConfig(stack), 4)}
    postgresql:
      parameters:
${yamlLines(sharedSettings(stack.declared.database.settings), 8)}
  # Used once, when the very first server makes the database.
  initdb:
    # Damaged pages are noticed, and pg_rewind may put a former primary right.
    - data-checksums
    - encoding: UTF8
    # PostgreSQL's own order of characters: an upgrade of Debian's C library never changes it under an index.
    - locale-provider: builtin
    - builtin-locale: C.UTF-8
    - locale: C.UTF-8
    - auth-local: peer
    - auth-host: scram-sha-256
  # Makes the role and the database of the app. The password stands in the file, not on a command line.
  post_bootstrap: ${paths.programs}/psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=${paths.firstSql}
`

/** Its settings end where those of `withPeers` or `alone` go on. */
function renderPostgresql(context: RenderContext): string {
  const { stack, server, secret } = context
  const port = yamlValue(`${server.address}:${postgresPort}`)
  const access = accessLines(stack).map((line) => `    - ${line}`)
  return `postgresql:
  listen: ${yamlValue(`127.0.0.1,${server.address}:${postgresPort}`)}
  connect_address: ${port}
  data_dir: ${paths.data}
  bin_dir: ${paths.programs}
  # In memory: it holds the password of replication.
  pgpass: ${paths.passwords}
  # Patroni itself comes over the local socket, whatever happens to network and passwords.
  use_unix_socket: true
  use_unix_socket_repl: true
  # A former primary whose history forked off takes the difference back; if that fails it makes a new copy.
  # Nothing acknowledged is in what it drops: that is on the new primary, or there would be none.
  use_pg_rewind: true
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  basebackup:
    # A new replica begins to copy at once instead of waiting for the next checkpoint.
    - checkpoint: fast
  # What runs a command, or names a program, is stated here: then it does not count what stands in etcd.
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
  # Who may log in from where; the first match wins, and everybody else is turned away.
  pg_hba:
${access.join('\n')}
  parameters:
    unix_socket_directories: ${yamlValue(paths.sockets)}
${yamlLines(localSettings(context), 4)}
`
}

/** Of a drained server; not where all others are drained too, since somebody must lead. */
function renderTags({ stack, server, stackState }: RenderContext): string {
  const othersServe = peersOf(stack, server).some(({ name }) => !isDrained(stackState, name))
  return isDrained(stackState, server.name) && othersServe ? aside : ''
}

const aside = `# This server is drained: it follows the primary, and nobody depends on it.
tags:
  # Never promoted. So it must not be the only one that has a write either: nosync.
  nofailover: true
  nosync: true
  # Reads go elsewhere.
  noloadbalance: true

`

const withPeers = `  # Run with the leader key in hand: promoted is only who has all that was acknowledged, and says so to etcd.
  pre_promote: "sh -c 'if [ -x ${paths.establishTerm} ]; then exec ${paths.establishTerm}; fi'"
  callbacks:
    # etcd's leader should not die together with the primary: see the script.
    on_role_change: ${paths.moveEtcdLeader}
    on_start: ${paths.moveEtcdLeader}

watchdog:
  # Where the kernel has a watchdog it restarts a primary whose Patroni froze, before another one is promoted.
  mode: automatic
  device: /dev/watchdog
  safety_margin: 5
`

const alone = `  pre_promote: ''
  callbacks: {}

watchdog:
  # Nobody could take over: restarting the server would help nobody.
  mode: 'off'
`

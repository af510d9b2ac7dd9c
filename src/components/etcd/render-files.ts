import type { File } from '../../resources/resource.ts'
import { type Server, serversOf, type Stack, etcdMembers } from '../../stack/stack.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { rootFile } from '../root-file.ts'
import { paths } from './paths.ts'
import { clientPort, metricsPort, peerPort } from './ports.ts'

/** Read by a member at every start. It names no neighbour, so that a new server changes nothing here. */
export function settingsFile({ name, address }: Server): File {
  return rootFile(
    paths.settings,
    `${placedByTrimaran}
${reasonsOn('certificates')}

ETCD_NAME=${name}
ETCD_DATA_DIR=${paths.data}

# Patroni on this server connects over loopback, on the others over the private address.
ETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:${clientPort},https://${address}:${clientPort}
ETCD_ADVERTISE_CLIENT_URLS=https://${address}:${clientPort}
ETCD_LISTEN_PEER_URLS=https://${address}:${peerPort}
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://${address}:${peerPort}
# All clients need a certificate of this stack, also over loopback: other users of this server are not trusted.
ETCD_TRUSTED_CA_FILE=${paths.own.authority}
ETCD_CLIENT_CERT_AUTH=true
ETCD_CERT_FILE=${paths.own.certificate}
ETCD_KEY_FILE=${paths.own.key}
ETCD_PEER_TRUSTED_CA_FILE=${paths.peer.authority}
ETCD_PEER_CLIENT_CERT_AUTH=true
ETCD_PEER_CERT_FILE=${paths.peer.certificate}
ETCD_PEER_KEY_FILE=${paths.peer.key}
ETCD_TLS_MIN_VERSION=TLS1.3

# Unencrypted: health and metrics only. Answers even while this member waits for a majority.
ETCD_LISTEN_METRICS_URLS=http://127.0.0.1:${metricsPort}

# For servers in one data centre: slower values would delay every election after the leader is lost.
ETCD_HEARTBEAT_INTERVAL=100
ETCD_ELECTION_TIMEOUT=1000

# Patroni writes every few seconds: one hour of history is enough, and the file stays small.
ETCD_AUTO_COMPACTION_MODE=periodic
ETCD_AUTO_COMPACTION_RETENTION=1h
# Patroni needs a few kilobytes. Above this limit etcd refuses writes, long before the disk is full.
ETCD_QUOTA_BACKEND_BYTES=${256 * 1024 ** 2}
# Fewer log entries in memory than by default; a member that was off for longer gets the (small) snapshot.
ETCD_SNAPSHOT_COUNT=10000
# A member with damaged data notices it at the start and does not spread it.
ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK=true
`,
    { onChange: 'restart' },
  )
}

/**
 * The servers with an etcd member. Read when this member starts, to ask the others for the current list. A change needs
 * no restart.
 */
export function memberListFile(stack: Pick<Stack, 'name' | 'servers'>): File {
  const all = etcdMembers(stack)
  const [bootstrap] = serversOf(stack, 'database')
  const withoutData = all.filter(({ tier }) => tier !== 'database').map(({ name }) => name)
  return rootFile(
    paths.memberList,
    `${placedByTrimaran}
${reasonsOn('etcd-bootstrap')}

# Read by ${paths.start}.
TRIMARAN_ETCD_MEMBERS="${all.map(({ name, address }) => `${name}=${address}`).join(' ')}"
TRIMARAN_BOOTSTRAP_MEMBER=${bootstrap?.name ?? ''}
# Servers that have an etcd member and no copy of the database.
TRIMARAN_WITHOUT_DATA="${withoutData.join(' ')}"
`,
  )
}

/** How etcd's unit differs from Debian's. */
export function unitFile(): File {
  return rootFile(
    paths.unit,
    `${placedByTrimaran}
${reasonsOn('etcd-bootstrap')}

[Unit]
# The address must exist before it listens on it.
Wants=network-online.target
After=network-online.target
# Never stop trying: else a member stays down until an operator starts it.
StartLimitIntervalSec=0

[Service]
EnvironmentFile=${paths.memberList}
# Joins the other members or bootstraps etcd, and then runs etcd in its place.
ExecStart=
ExecStart=${paths.start}
# Unlike Debian's unit, it does not wait for a majority of members: one server can start while the others are off.
Type=exec
Restart=always
RestartSec=1
# When memory runs out, other processes are ended first: without etcd the database loses its leader.
OOMScoreAdjust=-900
# Observers probe this port several times a second, without a certificate: do not log that.
LogFilterPatterns=~rejected connection on .* endpoint.*EOF
# A heartbeat delayed by PostgreSQL, for CPU or disk, looks like a dead member.
CPUWeight=1000
IOSchedulingClass=best-effort
IOSchedulingPriority=0

${hardening('etcd')}
`,
    { onChange: 'restart' },
  )
}

import type { File } from '../../resources/resource.ts'
import { type Server, serversOf, type Stack, etcdMembers } from '../../stack/stack.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran } from '../placed.ts'
import { rootFile } from '../root-file.ts'
import { paths } from './paths.ts'
import { clientPort, metricsPort, peerPort } from './ports.ts'

/** What a member reads at every start. Nothing in it names a neighbour, so that a new neighbour changes nothing here. */
export function settingsFile({ name, address }: Server): File {
  return rootFile(
    paths.settings,
    `${placedByTrimaran}

ETCD_NAME=${name}
ETCD_DATA_DIR=${paths.data}

# Patroni on this server asks over loopback, Patroni on the others over the private address.
ETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:${clientPort},https://${address}:${clientPort}
ETCD_ADVERTISE_CLIENT_URLS=https://${address}:${clientPort}
ETCD_LISTEN_PEER_URLS=https://${address}:${peerPort}
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://${address}:${peerPort}
# Nobody is let in who shows no certificate of this stack, over loopback neither: other users of this server are strangers.
ETCD_TRUSTED_CA_FILE=${paths.own.authority}
ETCD_CLIENT_CERT_AUTH=true
ETCD_CERT_FILE=${paths.own.certificate}
ETCD_KEY_FILE=${paths.own.key}
ETCD_PEER_TRUSTED_CA_FILE=${paths.peer.authority}
ETCD_PEER_CLIENT_CERT_AUTH=true
ETCD_PEER_CERT_FILE=${paths.peer.certificate}
ETCD_PEER_KEY_FILE=${paths.peer.key}
ETCD_TLS_MIN_VERSION=TLS1.3

# In clear, health and figures alone. Answers even while this member waits for a majority, so that one can ask it what it waits for.
ETCD_LISTEN_METRICS_URLS=http://127.0.0.1:${metricsPort}

# Right for servers in one place (etcd's tuning guide: an election takes at least ten round trips). Slower values
# would make every loss of the leading member last longer.
ETCD_HEARTBEAT_INTERVAL=100
ETCD_ELECTION_TIMEOUT=1000

# Patroni writes every few seconds: the history of an hour is enough, and the file stays small.
ETCD_AUTO_COMPACTION_MODE=periodic
ETCD_AUTO_COMPACTION_RETENTION=1h
# Patroni needs a few kilobytes. Past this bound etcd refuses writes, which tells long before the disk is full.
ETCD_QUOTA_BACKEND_BYTES=${256 * 1024 ** 2}
# Fewer entries are held in memory than by default; a member that was away longer is sent the (small) whole.
ETCD_SNAPSHOT_COUNT=10000
# A member whose data was damaged on disk notices it at the start and does not spread it.
ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK=true
`,
    { onChange: 'restart' },
  )
}

/**
 * Which servers have an etcd member. Read when this member starts: then it asks the others, who know better. A change asks
 * nothing of a running one.
 */
export function memberListFile(stack: Pick<Stack, 'name' | 'servers'>): File {
  const all = etcdMembers(stack)
  const [bootstrap] = serversOf(stack, 'database')
  const withoutData = all.filter(({ tier }) => tier !== 'database').map(({ name }) => name)
  return rootFile(
    paths.memberList,
    `${placedByTrimaran}

# Read by ${paths.start}, which says more.
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

[Unit]
# Its address must be there before it listens on it.
Wants=network-online.target
After=network-online.target
# Never stop trying: a member that gave up at night is a member less until somebody looks.
StartLimitIntervalSec=0

[Service]
EnvironmentFile=${paths.memberList}
# Joins the other members, or bootstraps etcd, and becomes etcd.
ExecStart=
ExecStart=${paths.start}
# Debian's unit counts as started once a majority of etcd members has met, and blocks until then. Here it has started when
# it runs, so that one server can start while the others are still away.
Type=exec
Restart=always
RestartSec=1
# An etcd member lost to a lack of memory would cost the database its leader; others go first.
OOMScoreAdjust=-900
# Observers connect several times a second without a certificate: they only probe whether the server is alive.
LogFilterPatterns=~rejected connection on .* endpoint.*EOF
# A heartbeat that waits behind PostgreSQL for a core or for the disk looks like a dead member.
CPUWeight=1000
IOSchedulingClass=best-effort
IOSchedulingPriority=0

${hardening('etcd')}
`,
    { onChange: 'restart' },
  )
}

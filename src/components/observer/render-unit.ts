import type { Server, TierName } from '../../stack/stack.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { paths } from './paths.ts'

/** The user of PostgreSQL where there is one, else that of etcd. */
export const userOf = (tier: TierName): string => (tier === 'database' ? 'postgres' : 'etcd')

/** The observer's unit. On a database server it runs as PostgreSQL's user, else as that of etcd. */
export function renderUnit({ tier }: Server): string {
  const user = userOf(tier)
  return `${placedByTrimaran}
${reasonsOn('fast-failover')}

[Unit]
Description=Watches the primary's server, and helps a replica to take over when it is gone
Wants=network-online.target
After=network-online.target
# After a boot this server receives from no primary until etcd names one: set before PostgreSQL starts.
Before=patroni.service
# Never stop trying.
StartLimitIntervalSec=0

[Service]
Type=notify
SyslogIdentifier=observer
ExecStart=/usr/bin/python3 -BEs ${paths.program} ${paths.settings}
User=${user}
Group=${user}
RuntimeDirectory=trimaran-observer
Restart=always
RestartSec=1
# The kernel keeps a promise even if the program stops; but only the program takes it back.
WatchdogSec=15
TimeoutStartSec=10
OOMScoreAdjust=-900
# Without CPU time it would mistake its own delay for silence of another server.
CPUWeight=1000
MemoryMax=128M

${hardening('observer')}

[Install]
WantedBy=multi-user.target
`
}

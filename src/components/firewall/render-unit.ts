import { hardening } from '../hardening.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { paths, table, unitName } from './paths.ts'

/** The firewall's unit: the rules are loaded before the guarded daemons listen, and stay. */
export const renderUnit = (): string => `${placedByTrimaran}
${reasonsOn('firewall-from-links')}

[Unit]
Description=Lets only those connect whom the links of the stack name
Wants=network-pre.target
Before=network-pre.target haproxy.service nginx.service etcd.service patroni.service
# Debian's own rules begin with \`flush ruleset\`.
After=nftables.service
# Never stop trying.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStartPre=${paths.program} start
ExecStart=${paths.program} keep
ExecReload=${paths.program} admit
# The table is removed when the unit is stopped, but not when it fails.
ExecStopPost=-/bin/sh -c 'test "$$SERVICE_RESULT" != success || exec /usr/sbin/nft delete table ${table}'
RuntimeDirectory=${unitName.replace('.service', '')}
RuntimeDirectoryPreserve=restart
Restart=always
RestartSec=1
OOMScoreAdjust=-900
MemoryMax=64M

${hardening('firewall')}

[Install]
WantedBy=multi-user.target
`

import { hardening } from '../hardening.ts'
import { placedByTrimaran } from '../placed.ts'
import { paths, table, unitName } from './paths.ts'

/** The firewall's unit: the rules are there before what they guard begins to listen, and stay. */
export const renderUnit = (): string => `${placedByTrimaran}

[Unit]
Description=Lets only those connect whom the links of the stack name
Wants=network-pre.target
Before=network-pre.target haproxy.service nginx.service etcd.service patroni.service
# Debian's own begins with \`flush ruleset\`.
After=nftables.service
# Never stop trying.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStartPre=${paths.program} start
ExecStart=${paths.program} keep
ExecReload=${paths.program} admit
# It goes with the unit; where the unit fails, it stays until that is back.
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

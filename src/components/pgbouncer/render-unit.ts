import { hardening } from '../hardening.ts'
import { logInto } from '../journal.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { paths } from './paths.ts'

/** How PgBouncer's unit differs from Debian's. */
export function renderUnit(): string {
  return `${placedByTrimaran}
${reasonsOn('pool')}

[Unit]
Wants=network-online.target haproxy.service
After=network-online.target haproxy.service
# Never stop trying: without it, the app has no database.
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=200ms
# It waits for open transactions; a hanging one must not block the stop for long.
TimeoutStopSec=15
RuntimeDirectory=${paths.sockets.replace('/run/', '')}
RuntimeDirectoryMode=0750
LimitNOFILE=65536
OOMScoreAdjust=-500
${logInto('traffic')}

${hardening('pgbouncer')}
`
}

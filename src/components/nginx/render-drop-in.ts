import { hardening } from '../hardening.ts'
import { logInto } from '../journal.ts'
import { placedByTrimaran } from '../placed.ts'

const stopSeconds = 10

/** What Debian's unit of nginx lacks, for `nginx.service.d/60-trimaran.conf`. */
export const dropIn = `${placedByTrimaran}
[Unit]
# nginx passes requests to the sidecar.
Wants=haproxy.service
After=haproxy.service
# Never give up: whatever was wrong may be put right in a minute.
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=100ms
LimitNOFILE=65536
OOMScoreAdjust=-500
${logInto('traffic')}
# Debian allows 5 seconds for requests that still run. No more than this: from the stop on, nobody answers here.
ExecStop=
ExecStop=-/sbin/start-stop-daemon --quiet --stop --retry QUIT/${stopSeconds} --pidfile /run/nginx.pid
TimeoutStopSec=${stopSeconds + 5}

${hardening('nginx')}
`

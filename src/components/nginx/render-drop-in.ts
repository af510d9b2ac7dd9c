import { hardening } from '../hardening.ts'
import { logInto } from '../journal.ts'
import { placedByTrimaran } from '../placed.ts'

const stopSeconds = 10

/** A drop-in for Debian's unit of nginx: `nginx.service.d/60-trimaran.conf`. */
export const dropIn = `${placedByTrimaran}
[Unit]
# nginx passes requests to the sidecar.
Wants=haproxy.service
After=haproxy.service
# Never stop trying: the cause may be fixed in a minute.
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=100ms
LimitNOFILE=65536
OOMScoreAdjust=-500
${logInto('traffic')}
# Debian allows 5 seconds for open requests. Not much longer: nginx accepts no new ones meanwhile.
ExecStop=
ExecStop=-/sbin/start-stop-daemon --quiet --stop --retry QUIT/${stopSeconds} --pidfile /run/nginx.pid
TimeoutStopSec=${stopSeconds + 5}

${hardening('nginx')}
`

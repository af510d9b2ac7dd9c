import { placedByTrimaran } from '../placed.ts'
import { shutdownSeconds } from './render-nginx-conf.ts'

/** What Debian's unit of nginx lacks, for `nginx.service.d/60-trimaran.conf`. */
export function renderDropIn(requestTimeout: number, descriptors: number): string {
  const seconds = shutdownSeconds(requestTimeout)
  return `# Placed by Trimaran; the next \`trimaran up\` replaces changes made here.
[Unit]
# nginx passes requests to the sidecar.
Wants=haproxy.service
After=haproxy.service
# Never give up: whatever was wrong may be put right in a minute.
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=200ms
LimitNOFILE=${descriptors}
OOMScoreAdjust=-500
# Debian allows 5 seconds; requests that run may take longer.
ExecStop=
ExecStop=-/sbin/start-stop-daemon --quiet --stop --retry QUIT/${seconds} --pidfile /run/nginx.pid
TimeoutStopSec=${seconds + 5}
`
}

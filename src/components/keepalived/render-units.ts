import type { RenderContext } from '../component.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran } from '../placed.ts'
import { addressOf } from './address.ts'

/** What is added to Debian's keepalived.service, which has not even a Restart. */
export function renderDropIn(context: RenderContext): string {
  const { ip, prefix, device } = addressOf(context)
  return `${placedByTrimaran}

[Unit]
# Where HAProxy ends, for whatever reason, the address must not stay: keepalived is stopped, and says goodbye.
BindsTo=haproxy.service
After=haproxy.service
StartLimitIntervalSec=0

[Service]
# If its worker dies, all of it ends, so that the address is taken away here before anything starts again.
ExecStart=
ExecStart=/usr/sbin/keepalived --dont-fork --dont-respawn $DAEMON_ARGS
# However it ended: two servers must never hold the address.
ExecStopPost=-/usr/sbin/ip address delete ${ip}/${prefix} dev ${device}
Restart=always
RestartSec=1s
# A busy server must not look like a dead one.
Nice=-20
CPUWeight=10000
# When memory runs out, anything else goes first.
OOMScoreAdjust=-1000

${hardening('keepalived')}
`
}

/** What is added to haproxy.service where keepalived runs. */
export function renderHaproxyDropIn(): string {
  return `${placedByTrimaran}

[Service]
# keepalived is stopped when HAProxy ends; once HAProxy serves again, so does keepalived. Not with Wants=: together with
# keepalived's BindsTo=, systemd would then start an HAProxy that fails over and over, without any pause.
ExecStartPost=-+/usr/bin/systemctl start --no-block keepalived.service
`
}

import type { RenderContext } from '../component.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran } from '../placed.ts'
import { addressOf } from './address.ts'

/** A drop-in for Debian's keepalived.service, which has no Restart. */
export function renderDropIn(context: RenderContext): string {
  const { ip, prefix, device } = addressOf(context)
  return `${placedByTrimaran}

[Unit]
# When HAProxy ends for any reason, keepalived is stopped and gives the address up.
BindsTo=haproxy.service
After=haproxy.service
StartLimitIntervalSec=0

[Service]
# If its worker dies, all of it ends, so that the address is removed before it starts again.
ExecStart=
ExecStart=/usr/sbin/keepalived --dont-fork --dont-respawn $DAEMON_ARGS
# After any end: two servers must never hold the address.
ExecStopPost=-/usr/sbin/ip address delete ${ip}/${prefix} dev ${device}
Restart=always
RestartSec=1s
# A busy server must not look like a dead one.
Nice=-20
CPUWeight=10000
# When memory runs out, everything else is killed first.
OOMScoreAdjust=-1000

${hardening('keepalived')}
`
}

/** A drop-in for haproxy.service where keepalived runs. */
export function renderHaproxyDropIn(): string {
  return `${placedByTrimaran}

[Service]
# keepalived starts again with HAProxy. With Wants= instead, systemd would restart a failing HAProxy without any pause.
ExecStartPost=-+/usr/bin/systemctl start --no-block keepalived.service
`
}

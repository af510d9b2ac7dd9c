import { hardening } from '../hardening.ts'
import { logInto, syslogSocketOf } from '../journal.ts'
import { placedByTrimaran } from '../placed.ts'
import { paths } from './paths.ts'

/** What is added to Debian's haproxy.service. */
export function renderDropIn(): string {
  return `${placedByTrimaran}

[Unit]
# Never stop trying to start.
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=100ms
LimitNOFILE=524288
# When memory runs out, HAProxy is killed last: every request passes through it.
OOMScoreAdjust=-900
${logInto('traffic')}
# Debian's unit mounts the socket of the system's own journal into the chroot.
BindReadOnlyPaths=
BindReadOnlyPaths=${syslogSocketOf('traffic')}:/var/lib/haproxy/dev/log
# Check the new configuration, save the servers' states, and wait until the new worker serves.
ExecReload=
ExecReload=/usr/sbin/haproxy -c -f $CONFIG
ExecReload=${paths.reload}

${hardening('haproxy')}
`
}

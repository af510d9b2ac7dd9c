import { hardening } from '../hardening.ts'
import { logInto } from '../journal.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { paths } from './paths.ts'

/** The drop-in for Debian's unit of Patroni. The same on every database server. */
export function renderUnit(): string {
  return `${placedByTrimaran}
${reasonsOn('patroni-kill-mode')}

[Unit]
# The address must exist before it listens on it; its etcd member should run, but need not.
Wants=network-online.target
After=network-online.target etcd.service
# Never stop trying: PostgreSQL without Patroni has no failover.
StartLimitIntervalSec=0

[Service]
# Debian's Patroni, changed so that it changes the confirming replicas only in a term that this server has established.
ExecStart=
ExecStart=${paths.program}/patroni ${paths.config}

# Only Patroni gets the signal to stop; it stops PostgreSQL cleanly, and hands over to a replica if there is one.
# If Patroni dies, PostgreSQL goes on; Patroni is back after a second and manages it again. Ending both
# would make every crash of Patroni an outage. If it stays down, this server gets no connections: HAProxy checks
# Patroni for the primary, and with several servers a write needs the confirmation of a replica.
KillMode=process
Restart=always
RestartSec=1
# Longer than a clean stop can take (primary_stop_timeout and ttl), unlike Debian's 30 seconds. A stop that reaches
# this limit would leave PostgreSQL without Patroni, …
TimeoutStopSec=180
# … so PostgreSQL is killed then. Its data is safe: the next start replays the WAL.
ExecStopPost=-/bin/sh -c 'test "$$SERVICE_RESULT" != timeout || exec ${paths.programs}/pg_ctl stop --pgdata=${paths.data} --mode=immediate'
# PostgreSQL needs this folder even while Patroni is down.
ExecStopPost=-/bin/sh -c '${paths.programs}/pg_ctl status --pgdata=${paths.data} >/dev/null 2>&1 || rm -f ${paths.passwords} /var/lib/postgresql/patroni.pgpass'

# Read the file again, then copy its settings to etcd.
ExecReload=
ExecReload=/bin/kill -s HUP $MAINPID
ExecReload=${paths.applySettings}

# The kernel's watchdog, on real servers only (a container would load the module into its host); see \`watchdog\` in config.yml.
ExecStartPre=-+/bin/sh -c 'systemd-detect-virt --quiet --container || test -e /dev/watchdog || modprobe softdog'
ExecStartPre=-+/bin/sh -c 'test ! -e /dev/watchdog || chown postgres /dev/watchdog'

# When memory runs out, a single query is killed, and not Patroni or PostgreSQL's main process.
OOMScoreAdjust=-1000
Environment=PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj
Environment=PG_OOM_ADJUST_VALUE=0
LimitNOFILE=65536

${logInto('traffic')}
# Patroni logs every two seconds that all is well, and all of pg_controldata before each start of PostgreSQL:
# these lines are left out of the journal.
LogFilterPatterns=~no action\\. I am
LogFilterPatterns=~^ {2}[A-Za-z][A-Za-z0-9'_/ -]*:

${hardening('patroni')}
`
}

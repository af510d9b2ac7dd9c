import { hardening } from '../hardening.ts'
import { logInto } from '../journal.ts'
import { placedByTrimaran } from '../placed.ts'
import { paths } from './paths.ts'

/** How Patroni's unit differs from Debian's. The same on every database server, however many there are. */
export function renderUnit(): string {
  return `${placedByTrimaran}

[Unit]
# Its address must be there before it listens on it; its etcd member is better there, but not needed.
Wants=network-online.target
After=network-online.target etcd.service
# Never stop trying: PostgreSQL without Patroni is a primary that nobody watches.
StartLimitIntervalSec=0

[Service]
# Debian's Patroni, which changes who confirms writes only while this server has established its term.
ExecStart=
ExecStart=${paths.program}/patroni ${paths.config}

# Only Patroni is told to stop; it stops PostgreSQL in an orderly way, and hands over to a replica if there is one.
# A Patroni that dies leaves PostgreSQL serving; it is back after a second and takes it over as it is. Ending both
# would make every such death an outage. If it stays away, nobody is sent to this server: who is the primary is
# asked from Patroni itself, and with several servers nothing is acknowledged that a replica does not confirm.
KillMode=process
Restart=always
RestartSec=1
# Longer than an orderly stop may ever take (primary_stop_timeout and ttl), and not Debian's 30 seconds: whoever runs
# into this leaves a PostgreSQL that nobody watches …
TimeoutStopSec=180
# … which is then ended for good. Its data is safe: the next start replays what was written.
ExecStopPost=-/bin/sh -c 'test "$$SERVICE_RESULT" != timeout || exec ${paths.programs}/pg_ctl stop --pgdata=${paths.data} --mode=immediate'
# A PostgreSQL that goes on without Patroni still needs it.
ExecStopPost=-/bin/sh -c '${paths.programs}/pg_ctl status --pgdata=${paths.data} >/dev/null 2>&1 || rm -f ${paths.passwords} /var/lib/postgresql/patroni.pgpass'

# Read the file again, then bring the settings that are kept in etcd to what it states.
ExecReload=
ExecReload=/bin/kill -s HUP $MAINPID
ExecReload=${paths.applySettings}

# The kernel's watchdog, for real servers (a container would load it into its host); see \`watchdog\` in config.yml.
ExecStartPre=-+/bin/sh -c 'systemd-detect-virt --quiet --container || test -e /dev/watchdog || modprobe softdog'
ExecStartPre=-+/bin/sh -c 'test ! -e /dev/watchdog || chown postgres /dev/watchdog'

# When memory runs out, a single query is ended, and not Patroni or the PostgreSQL that serves all of them.
OOMScoreAdjust=-1000
Environment=PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj
Environment=PG_OOM_ADJUST_VALUE=0
LimitNOFILE=65536

${logInto('traffic')}
# Patroni says every two seconds that all is well, and prints all of pg_controldata before each start of PostgreSQL.
# The journal keeps what else it says.
LogFilterPatterns=~no action\\. I am
LogFilterPatterns=~^ {2}[A-Za-z][A-Za-z0-9'_/ -]*:

${hardening('patroni')}
`
}

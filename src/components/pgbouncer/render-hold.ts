import { readinessProgram } from '../haproxy/index.ts'
import { postgresPort } from '../patroni/index.ts'
import { hardeningSettings } from '../hardening.ts'
import { placedByTrimaran } from '../placed.ts'
import { places } from './places.ts'

/** Seconds for which transactions that are under way are waited for, before nothing is held back at all. */
const patienceSeconds = 5
/** Seconds after which queries go on by themselves, whatever became of who held them back. */
export const deadManSeconds = 20

/**
 * Holds the queries of this server's app back while the primary moves. Nobody is told an error: whoever asks waits.
 * PAUSE can hang for ever when RESUME comes in between (pgbouncer#715), so it has a time limit, and a timer of systemd lets
 * go if nobody else does.
 */
export function renderHold(): string {
  return `#!/bin/bash
${placedByTrimaran}
# hold   waits for transactions that are under way, and lets no other one begin
# let-go waits until the primary takes writes, lets all go on, and prints for how many milliseconds they waited
# resume lets all go on at once
console() { timeout "\${2:-3}" ${places.console} "$1" 2>&1; }
milliseconds() { local up; read -r up _ </proc/uptime; echo $((10#\${up/./} * 10)); }
timer=trimaran-let-go.timer
since=/run/trimaran-held

resume() {
  console RESUME >/dev/null
  ${readinessProgram} check 2>/dev/null
  systemctl stop --quiet $timer 2>/dev/null
  rm -f $since
}

writable() {
  timeout 2 psql --no-psqlrc -qAtX -h 127.0.0.1 -p ${postgresPort} -U app -d app -c 'show transaction_read_only' 2>/dev/null | grep -qx off
}

case $1 in
  hold)
    # An app without its pool asks nothing.
    systemctl is-active --quiet pgbouncer.service || exit 0
    systemctl stop --quiet $timer 2>/dev/null
    systemd-run --quiet --collect --unit=trimaran-let-go --on-active=${deadManSeconds} --timer-property=AccuracySec=100ms \\
${hardeningSettings('resumption')
  .map((setting) => `      --property='${setting}' \\\n`)
  .join('')}      "$0" resume || exit 1
    milliseconds >$since
    # A health path that asks the database waits, too: nobody takes the app for down because of that.
    ${readinessProgram} trust 2>/dev/null
    said=$(console PAUSE ${patienceSeconds}) && exit 0
    resume
    echo "transactions are open for more than ${patienceSeconds} s, and are not cut off: queries go on, and nothing was moved \${said:+($said)}"
    exit 1
    ;;
  let-go)
    [ -e $since ] || { echo 'queries had gone on by themselves before'; exit 0; }
    IFS='"' read -r _ _ _ PGPASSWORD _ <${places.users}
    export PGPASSWORD
    end=$((SECONDS + 10))
    until writable || [ $SECONDS -ge $end ]; do sleep 0.03; done
    held=$(($(milliseconds) - $(<$since)))
    resume
    echo "held $held"
    ;;
  resume) resume ;;
esac
`
}

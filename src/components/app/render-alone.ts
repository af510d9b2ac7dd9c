import { placedByTrimaran } from '../placed.ts'

/**
 * Runs a command on one server at a time. The lock is an advisory lock in the primary database, held by one session: it is
 * free again when that session ends, which PostgreSQL notices within five seconds when the server behind it loses power.
 */
export function renderAloneProgram(): string {
  return `#!/bin/bash
${placedByTrimaran}
# run-alone always|once NAME COMMAND: runs COMMAND while this server holds the lock NAME, and ends it when the lock is lost.
# always waits for the lock; once goes home if another server has it.
how=$1 name=$2 command=$3
[[ $DATABASE_URL =~ ^postgres://([^:]+):([^@]+)@ ]] || { echo 'DATABASE_URL is not set' >&2; exit 1; }
# Straight through the local HAProxy: a lock lives in a session, and a pool would hand that to others.
export PGUSER=\${BASH_REMATCH[1]} PGPASSWORD=\${BASH_REMATCH[2]} PGHOST=127.0.0.1 PGPORT=5432 PGDATABASE=app
export PGCONNECT_TIMEOUT=5 PGAPPNAME="run-alone $name"
child='' session=''

end_child() {
  [ -n "$child" ] || return 0
  kill -TERM "$child" 2>/dev/null
  for _ in $(seq 50); do kill -0 "$child" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$child" 2>/dev/null
  wait "$child" 2>/dev/null
  child=''
}
trap 'kill -TERM "$child" 2>/dev/null; wait "$child" 2>/dev/null; exit 143' TERM INT

# A session of its own. Its far end finds out within five seconds when this server is gone.
open_session() {
  coproc PSQL { exec psql -qAtX -v ON_ERROR_STOP=1 2>/dev/null; }
  session=$PSQL_PID
  printf '%s\n' "set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3; set tcp_user_timeout = 5000;" >&"\${PSQL[1]}"
} 2>/dev/null
close_session() { kill "$session" 2>/dev/null; wait "$session" 2>/dev/null; }

ask() {
  answer=''
  { printf '%s\n' "$1" >&"\${PSQL[1]}" && read -r -t 4 answer <&"\${PSQL[0]}"; } 2>/dev/null
}

while :; do
  open_session
  while ask "select pg_try_advisory_lock(hashtextextended('trimaran $name', 0));"; do
    if [ "$answer" = t ]; then
      began=$SECONDS
      echo "$name runs here now"
      bash -c "$command" &
      child=$!
      while kill -0 "$child" 2>/dev/null; do
        ask 'select 1;' || { echo "$name lost its lock: it ends here" >&2; end_child; break; }
        for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$child" 2>/dev/null || break; sleep 0.1; done
      done
      [ -n "$child" ] || break
      wait "$child"
      code=$?
      # Another server whose clock is a little behind must not run it again.
      if [ "$how" = once ]; then while [ $((SECONDS - began)) -lt 50 ] && ask 'select 1;'; do sleep 2; done; fi
      close_session
      exit $code
    fi
    [ "$how" = always ] || { close_session; exit 0; }
    sleep 1
  done
  close_session
  [ "$how" = always ] || exit 1
  sleep 1
done
`
}

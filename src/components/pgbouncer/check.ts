import { sh, type Shell } from '../../shell/sh.ts'

/**
 * PgBouncer's own check of a staged `$file`. It has no check command, but refuses to start with unknown settings: so a
 * second one is started for a moment, with no port and its own socket.
 */
export const checkConfig: Shell = sh`
  checked=$(mktemp -d)
  # Not in the folder that will belong to postgres: root writes the file, and would follow a link.
  said=$file.said
  sed -e 's/^listen_addr.*/listen_addr =/' -e "s|^unix_socket_dir.*|unix_socket_dir = $checked|" \
    -e '/^auth_file/d' "$file" >"$checked/pgbouncer.ini"
  chown -R postgres "$checked"
  setpriv --reuid=postgres --regid=postgres --clear-groups /usr/sbin/pgbouncer "$checked/pgbouncer.ini" >"$said" 2>&1 &
  other=$!
  for ((i = 0; i < 50; i++)); do
    [ -S "$checked"/.s.PGSQL.* ] && break
    kill -0 $other 2>/dev/null || break
    sleep 0.1
  done
  kill -0 $other 2>/dev/null && verdict=0 || verdict=1
  kill -QUIT $other 2>/dev/null || true
  wait $other 2>/dev/null || true
  # It also starts with lines that it cannot parse.
  grep -E 'ERROR|FATAL' "$said" && verdict=1
  rm -rf "$checked" "$said"
  [ $verdict = 0 ] || exit 1
`

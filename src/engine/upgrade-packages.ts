import { awaitApt, longestAptWait } from '../resources/await-apt.ts'
import { sh, type Shell } from '../shell/sh.ts'
import type { Connection } from '../transport/transport.ts'

/** What Debian offers to a server. */
export interface Offer {
  /** `haproxy 3.0.11-1 → 3.0.11-1+deb13u1` */
  readonly packages: readonly string[]
  /** True where earlier upgrades take effect only after a reboot. */
  readonly needsRestart: boolean
  /** Why Debian's packages could not be reached; in apt's words. */
  readonly unreachable?: string
}

export interface Upgraded {
  readonly ok: boolean
  /** apt's last words, where it failed. */
  readonly said: string
  /** Services that were restarted because they still used replaced files. */
  readonly restarted: readonly string[]
  readonly needsRestart: boolean
}

const apt = sh`
  export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 NEEDRESTART_SUSPEND=1
  apt() { apt-get -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "$@"; }
  await_apt() {
    ${awaitApt()} | sed -u 's/^/waits /'
    return "\${PIPESTATUS[0]}"
  }
`

/** A new kernel, or a package that asks for a reboot. */
const needsRestart = sh`
  needs_restart() {
    [ ! -e /run/reboot-required ] || return 0
    systemd-detect-virt --quiet --container && return 1
    newest=$(ls /boot/vmlinuz-* 2>/dev/null | sed 's|.*/vmlinuz-||' | sort -V | tail -n 1)
    [ -n "$newest" ] && [ "$newest" != "$(uname -r)" ]
  }
`

/** Enough for a thousand packages with long names. */
const mostLetters = 1_000_000

/** How much of apt's output is shown. */
const mostTold = 2000

/** deb-version(7) and Debian's rule for names; empty where there was no version before. */
const packageRow = /^package ([a-z0-9][a-z0-9.+:-]{0,100}) ([\w.+:~-]{0,100}) ([\w.+:~-]{1,100})$/

const question = sh`
  ${apt}
  ${needsRestart}
  await_apt || { echo 'unreachable another program keeps apt to itself'; exit 0; }
  if ! said=$(apt -o APT::Update::Error-Mode=any update 2>&1); then
    printf 'unreachable %s\n' "$(printf '%s\n' "$said" | grep -E '^(E|W): ' | head -n 1 | cut -c4-)"
    exit 0
  fi
  apt -s --with-new-pkgs upgrade 2>/dev/null | sed -nE 's/^Inst ([^ ]+) (\[([^]]*)\] )?\(([^ ]+).*/package \1 \3 \4/p'
  if needs_restart; then echo restart; fi
`

/** Is told who keeps apt to itself, for as long as that is waited for. */
export type OnWait = (text: string) => void

const listenFor = (onWait: OnWait) => (line: string) => {
  if (line.startsWith('waits ')) onWait(line.slice('waits '.length, mostTold))
}

/** Asks the Debian mirror for upgrades; changes only apt's own lists. */
export async function askOffer(connection: Connection, onWait: OnWait): Promise<Offer> {
  const options = { deadlineSeconds: longestAptWait + 180, mostLetters, onLine: listenFor(onWait) }
  const { stdout, stderr, code } = await connection.run(question.text, options)
  const rows = stdout.split('\n')
  const unreachable = rows.find((row) => row.startsWith('unreachable '))?.slice('unreachable '.length, mostTold)
  const packages = rows
    .flatMap((row) => {
      const found = packageRow.exec(row)
      return found === null ? [] : [found]
    })
    .map(([, name, before, after]) => (before === '' ? `${name} ${after}, new` : `${name} ${before} → ${after}`))
  if (code !== 0)
    return {
      packages: [],
      needsRestart: false,
      unreachable: stderr.trim().slice(0, mostTold) || 'apt-get did not answer',
    }
  return { packages, needsRestart: rows.includes('restart'), ...(unreachable !== undefined && { unreachable }) }
}

/**
 * Configuration files stay as they are: Trimaran's own, and those that an operator changed. Services that still use a
 * replaced file are restarted; those that must not be, such as login sessions, wait for the next boot.
 */
const work: Shell = sh`
  ${apt}
  ${needsRestart}
  exec 3>&1
  log=$(mktemp)
  await_apt || { echo 'another program keeps apt to itself' >&2; exit 1; }
  # What was on offer when a rolling upgrade began may be gone when it goes on, days later.
  apt update >/dev/null 2>&1 </dev/null || true
  # What an upgrade that was cut off has unpacked and not set up.
  dpkg --force-confdef --force-confold --configure -a >"$log" 2>&1 </dev/null || true
  apt -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --with-new-pkgs upgrade >"$log" 2>&1 </dev/null || {
    tail -n 15 "$log" >&2
    rm -f "$log"
    exit 1
  }
  rm -f "$log"
  systemctl daemon-reload
  units=
  waits=no
  for maps in /proc/[0-9]*/maps; do
    pid=\${maps#/proc/}; pid=\${pid%/maps}
    grep -qE ' r-xp .* /(usr|lib|opt)/.*\(deleted\)$' "$maps" 2>/dev/null || continue
    unit=$(sed -n 's|^0::.*/\([^/]*\.service\)\(/.*\)\{0,1\}$|\1|p' "/proc/$pid/cgroup" 2>/dev/null | head -n 1)
    case $pid:$unit in
      1:*) systemctl daemon-reexec ;;
      *:|*:user@*|*:dbus*|*:systemd-logind*|*:getty*|*:console-getty*) [ "$unit" = "" ] || waits=yes ;;
      *:*) case " $units " in *" $unit "*) ;; *) units="$units $unit" ;; esac ;;
    esac
  done
  for unit in $units; do
    systemctl restart "$unit" >&2 || { echo "$unit does not start any more" >&2; exit 1; }
    echo "restarted $unit"
  done
  if [ $waits = yes ] || needs_restart; then echo restart; fi
`

/** Upgrades all packages of a server, which takes minutes at most. */
export async function upgradePackages(connection: Connection, onWait: OnWait): Promise<Upgraded> {
  const options = { deadlineSeconds: longestAptWait + 1800, mostLetters, onLine: listenFor(onWait) }
  const { stdout, stderr, code } = await connection.run(work.text, options)
  const rows = stdout.split('\n')
  return {
    ok: code === 0,
    said: stderr.trim().slice(-mostTold),
    restarted: rows.flatMap((row) => /^restarted ([\w:.@\\-]{1,255}\.service)$/.exec(row)?.[1] ?? []),
    needsRestart: rows.includes('restart'),
  }
}

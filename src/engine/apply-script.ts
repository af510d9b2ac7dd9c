import { type Manifest, writePlaced } from '../resources/manifest.ts'
import { Buffer } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { ServerChange } from '../plan/plan.ts'
import type { Step } from '../resources/resource.ts'
import { defineStandsFirm } from '../resources/firm-ground.ts'
import { applyLockPath, makeRunFolder } from '../resources/run-folder.ts'
import {
  auditPath,
  inboxFolder,
  manifestPath,
  originalsFolder,
  previousFolder,
  runFolder,
  sealsFolder,
  stagedFolder,
  stateFolder,
  unfinishedPath,
} from '../resources/state-folder.ts'
import { lines, sh, type Shell } from '../shell/sh.ts'

/** The prefix of lines for the engine; all other output of the script is ignored. */
export const signal = '\u001e'

/** The file in which the script reads the verdict of its callers: `yes`, or why not. */
export const lookedPath = `${runFolder}/looked`
/** How many seconds it waits for that, while both the old and the new version serve. */
export const longestLook = 20

export interface AuditEntry {
  /** Who asked for it: `ana@laptop`. */
  readonly operator: string
  /** The command: `up`, `down`. */
  readonly command: string
  readonly stack: string
  /** The same in all entries of one command, on all servers. */
  readonly run: string
  /** Its subject: a release. */
  readonly about?: string
}

export const auditEntry = (entry: Omit<AuditEntry, 'run'>): AuditEntry => ({ ...entry, run: randomUUID().slice(0, 8) })

/**
 * The script that applies the plan on one server. It holds the server's apply lock, records what it will place, goes
 * through the components in order, and reports each step. If a step fails, the script itself rolls its component back:
 * the server stays sound even if the connection is lost.
 */
export function applyScript(change: ServerChange, audit: AuditEntry): Shell {
  const { changes, manifest, adopts } = change
  const steps = changes.flatMap((one) => one.steps)
  const ranges = changes.map(({ component }, position) => {
    const first = changes.slice(0, position).flatMap((one) => one.steps).length
    return { component, first, last: first + changes[position]!.steps.length - 1 }
  })
  return lines([
    prelude(audit),
    adopt(adopts),
    writeManifest(manifest, 'union'),
    ...steps.map(defineStep),
    ...ranges.map(({ component, first, last }) => sh`change ${component} ${first} ${last}`),
    writeManifest(manifest, 'exact'),
    manifest.length === 0 ? forgetCopies : sh``,
    sh`finish 0`,
  ])
}

/**
 * The script that rolls back what such scripts have done on a server, in one or several waves, in the same way as after
 * a failed step: the last component first. `after` runs last; `manifest` is the manifest after it.
 */
export function rollBackScript(
  waves: readonly ServerChange[],
  { audit, after, manifest }: { readonly audit: AuditEntry; readonly after: Shell; readonly manifest: Manifest },
): Shell {
  const changes = waves.flatMap((wave) => wave.changes)
  const steps = changes.flatMap((one) => one.steps)
  const ends = changes.map((_, position) => changes.slice(0, position + 1).flatMap((one) => one.steps).length)
  return lines([
    prelude(audit),
    ...steps.map(({ rollBack, settle }, index) =>
      defineStep({ ...(rollBack && { rollBack }), ...(settle && { settle }) }, index),
    ),
    ...changes
      .map(({ component }, position) => {
        const last = ends[position]! - 1
        return sh`roll_back_all ${component} ${last} ${last + 1 - changes[position]!.steps.length}`
      })
      .toReversed(),
    sh`
      after() {
      ${after}
      }
      attempt after || { echo 'the stack state could not be written' >&2; finish 1; }
    `,
    writeManifest(manifest, 'exact'),
    sh`finished_steps=${String(steps.length)}`,
    sh`finish $([ "$restored_all" = yes ] && echo 0 || echo 1)`,
  ])
}

const prelude = ({ operator, command, stack, run, about = '' }: AuditEntry): Shell => sh`
  umask 022
  export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  ${makeRunFolder}
  exec 3>&1 9>${applyLockPath}
  flock --wait 120 9 || { echo 'another apply still runs on this server' >&2; exit 75; }
  ${defineStandsFirm}
  stands_firm ${manifestPath} >&2 || exit 1
  install -d -m 0700 ${stateFolder} ${inboxFolder} ${originalsFolder}
  # What a script that was killed had staged, and where that was done before.
  rm -rf ${stagedFolder} ${`${stateFolder}/staged`}
  install -d -m 0755 ${auditPath.slice(0, auditPath.lastIndexOf('/'))}
  log=${`${runFolder}/apply.log`}
  # What a step has to tell although it succeeded.
  notes=${`${runFolder}/apply.notes`}
  rm -f "$notes"
  # Where the engine says what callers saw.
  looked=${lookedPath}
  started=$EPOCHREALTIME
  # What an earlier change has left undone there is not forgotten for it.
  [ -s ${unfinishedPath} ] || printf '{"at":"%s","operator":"%s","command":"%s","run":"%s"}\n' \
    "$(date -u +%FT%TZ)" ${jsonText(operator)} ${jsonText(command)} ${jsonText(run)} >${unfinishedPath}
  finished_steps=0

  say() { printf '%s%s\n' ${signal} "$*" >&3 2>/dev/null || true; }

  # What a unit said last, but for lines like $2, for the operator who has to find out why it does not run.
  tell_of() {
    systemctl show -p ActiveState -p SubState -p Result --value "$1" 2>/dev/null | tr '\n' ' '; echo
    # What it said before belongs to something else: to an earlier release in the same slot.
    journalctl --namespace='*' --no-pager -q -o cat -n 300 --since "@\${started%.*}" -u "$1" 2>/dev/null | grep -vE -- "\${2:-^$}" | tail -n 15 || true
  }

  # Runs one function with errexit, its output into the log. (In a condition, bash would ignore errexit.)
  attempt() {
    declare -F "$1" >/dev/null || return 0
    ( exec 3>&- 9>&-; set -e; "$1" ) >"$log" 2>&1 </dev/null
  }

  finish() {
    printf '{"at":"%s","operator":"%s","command":"%s","stack":"%s","run":"%s","about":"%s","steps":%d,"ok":%s}\n' \
      "$(date -u +%FT%TZ)" ${jsonText(operator)} ${jsonText(command)} ${jsonText(stack)} ${jsonText(run)} ${jsonText(about)} "$finished_steps" \
      "$([ "$1" = 0 ] && echo true || echo false)" >>${auditPath}
    # What was sent and not unpacked, and copies of what is secret, are of no more use.
    rm -rf "$log" "$notes" ${stagedFolder} ${inboxFolder}/*
    say "end $1"
    exit "$1"
  }

  # Before the first step, or after the last: a disk that is full must not cost what stands there.
  give_up() {
    rm -f "$2"
    # The last line is the one that the operator reads.
    echo "$1 (free there: $(df -Ph ${stateFolder} | awk 'NR == 2 { print $4 }'))" >&2
    finish 1 2>/dev/null
  }

  restored_all=yes
  # Reports the reason at once: the next step overwrites the log.
  not_restored() {
    restored=no restored_all=no
    cat "$log" >&2
  }
  roll_back_all() {
    local component=$1 from=$2 first=$3 restored=yes i
    for ((i = from; i >= first; i--)); do attempt "roll_back_$i"; [ $? = 0 ] || not_restored; done
    for ((i = first; i <= from; i++)); do attempt "settle_$i"; [ $? = 0 ] || not_restored; done
    say "rolled-back $component $restored"
  }
  fail() { roll_back_all "$@"; finish 1; }

  # Asks the engine to check with the callers of step $1. Where one objects, ends with 1, with the reason in the log.
  looked_at() {
    local tenths=0
    rm -f "$looked"
    say "look $1"
    until [ -s "$looked" ] || [ $tenths -ge ${longestLook * 10} ]; do sleep 0.1; tenths=$((tenths + 1)); done
    [ "$(cat "$looked" 2>/dev/null)" != yes ] || return 0
    { head -c 4096 "$looked" 2>/dev/null || echo 'whether its callers reach it is not known: the connection to the operator is lost'; } >"$log"
    ( exec 3>&- 9>&-; "look_$1" ) >>"$log" 2>/dev/null </dev/null || true
    return 1
  }

  # What step $1 waits for is told at once, and kept in the log.
  awaited() {
    declare -F "await_$1" >/dev/null || return 0
    : >"$log"
    ( exec 3>&- 9>&-; set -e; "await_$1" ) 2>&1 </dev/null | while IFS= read -r line; do
      printf '%s\n' "$line" >>"$log"
      say "waits $(head -c 1024 <<<"$line" | base64 -w0)"
    done
    return "\${PIPESTATUS[0]}"
  }

  # All new versions are checked before the first is put in place.
  change() {
    local component=$1 first=$2 last=$3 checked=no i j
    for ((i = first; i <= last; i++)); do
      if [ $checked = no ] && declare -F "prepare_$i" >/dev/null; then
        checked=yes
        for ((j = i; j <= last; j++)); do
          attempt "prepare_$j"
          [ $? = 0 ] || { say "failed $j $(tail -c 65536 "$log" | base64 -w0)"; fail "$component" $((i - 1)) "$first"; }
        done
      fi
      say "start $i"
      awaited "$i"
      # In a condition, bash would ignore errexit.
      case $? in 0) attempt "apply_$i" ;; *) false ;; esac
      [ $? = 0 ] || { say "failed $i $(tail -c 65536 "$log" | base64 -w0)"; fail "$component" "$i" "$first"; }
      if declare -F "look_$i" >/dev/null; then
        looked_at "$i" || { say "failed $i $(tail -c 65536 "$log" | base64 -w0)"; fail "$component" "$i" "$first"; }
      fi
      attempt "conclude_$i"
      [ $? = 0 ] || { say "failed $i $(tail -c 65536 "$log" | base64 -w0)"; fail "$component" "$i" "$first"; }
      finished_steps=$((finished_steps + 1))
      say "done $i"
      [ ! -s "$notes" ] || { say "note $(tail -c 4096 "$notes" | base64 -w0)"; rm -f "$notes"; }
    done
  }
`

function defineStep(
  { prepare, await: awaits, apply, look, conclude, rollBack, settle }: Partial<Step>,
  index: number,
): Shell {
  const functions: readonly (readonly [string, Shell | undefined])[] = [
    ['prepare', prepare],
    ['await', awaits],
    ['apply', apply],
    ['look', look && (look.why ?? sh`:`)],
    ['conclude', conclude],
    ['roll_back', rollBack],
    ['settle', settle],
  ]
  return lines(
    functions.flatMap(([name, body]) =>
      body === undefined
        ? []
        : [
            sh`
        ${sh`${`${name}_${index}`}`}() {
        ${body}
        }
      `,
          ],
    ),
  )
}

/** Keeps a copy of the file from before Trimaran: it is restored when the file is no longer declared. */
function adopt(paths: readonly string[]): Shell {
  if (paths.length === 0) return sh``
  return sh`
    for file in ${paths}; do
      original=${originalsFolder}$file
      if { [ -f "$file" ] || [ -L "$file" ]; } && [ ! -e "$original" ] && [ ! -L "$original" ]; then
        stands_firm "$file" >&2 && mkdir -p "\${original%/*}" && cp -a "$file" "$original.new" && mv -f "$original.new" "$original" ||
          give_up "$file could not be kept aside" "$original.new"
      fi
    done
  `
}

/** A cleared server keeps no secret: neither in files that were placed, nor in copies of earlier ones. */
const forgetCopies: Shell = sh`rm -rf ${previousFolder} ${sealsFolder}`

function writeManifest(manifest: Manifest, how: 'union' | 'exact'): Shell {
  const encoded = Buffer.from(manifest.map((one) => `${writePlaced(one)}\n`).join('')).toString('base64')
  const others = how === 'union' ? sh`cat ${manifestPath} 2>/dev/null; ` : sh``
  return sh`
    { ${others}base64 -d <<<${encoded}; } | sort -u >${manifestPath}.new && mv -f ${manifestPath}.new ${manifestPath} ||
      give_up ${`${manifestPath} could not be written`} ${manifestPath}.new
  `
}

const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1)

import type { RenderContext } from '../component.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran } from '../placed.ts'
import { readinessProgram } from '../haproxy/index.ts'
import type { Process } from './processes.ts'
import {
  copiesIn,
  cutFileOf,
  retireProgram,
  retirementOf,
  slotNames,
  type SlotName,
  targetOf,
  templateOf,
} from './slots.ts'

/** The target that starts and stops all that runs in a slot. Timers join it once the slot serves. */
export const renderTarget = (slot: SlotName, { stack, server }: RenderContext): string => `${placedByTrimaran}
[Unit]
Description=The app of ${stack.name} in its slot ${slot}
Wants=network-online.target ${copiesIn(slot, stack, server)
  .filter(({ process: { at } }) => at === undefined)
  .map(({ unit }) => unit)
  .join(' ')}

[Install]
WantedBy=multi-user.target
`

/** The timer of a process that runs at times. A run that was missed while the server was off is not made up for. */
export const renderTimer = (slot: SlotName, program: Process, { stack }: RenderContext): string => `${placedByTrimaran}
[Unit]
Description=${stack.name}: when ${program.name} runs, in slot ${slot}
PartOf=${targetOf(slot)}

[Timer]
OnCalendar=${program.at}
AccuracySec=1s
Unit=${templateOf(slot, program).replace('@', '@1')}

[Install]
WantedBy=${targetOf(slot)}
`

/** The unit that ends a slot after its last request. */
export const renderRetirement = (slot: SlotName, { stack }: RenderContext): string => `${placedByTrimaran}
[Unit]
Description=The app of ${stack.name} leaves its slot ${slot}

[Service]
Type=oneshot
# Through bash: when this unit is judged, the program may not be in its place yet.
ExecStart=/bin/bash ${retireProgram} ${slot}

${hardening('retirement')}
`

/** Ends a slot to which no caller sends anything more, once what it still works on is done. */
export function renderRetireProgram({ stack, server }: RenderContext): string {
  const portsIn = (slot: SlotName): string =>
    copiesIn(slot, stack, server)
      .flatMap(({ port }) => port ?? [])
      .join(' ')
  return `#!/bin/bash
${placedByTrimaran}
# retire-app-slot SLOT: waits until no request is left, at most ${stack.declared.app.drainTimeout} s (drainTimeout), and ends the slot.
# retire-app-slot SLOT busy: only says how many are left.
case $1 in
${slotNames.map((slot) => `  ${slot}) target=${targetOf(slot)} ports="${portsIn(slot)}" cut=${cutFileOf(slot)} ;;`).join('\n')}
  *) echo "${retirementOf('blue').replace('-blue', '')}: which slot?" >&2; exit 2 ;;
esac

# What callers say they still have here, and requests that nobody has answered yet: a caller that was just reloaded does not
# tell of them. What this server's own HAProxy asks comes from 127.0.0.1.
busy() {
  local port unanswered
  unanswered=$(for port in $ports; do ss -Htni state established "( sport = :$port )" '! dst 127.0.0.0/8'; done |
    awk 'match($0, /lastsnd:[0-9]+/) { sent = substr($0, RSTART + 8, RLENGTH - 8)
      if (match($0, /lastrcv:[0-9]+/) && substr($0, RSTART + 8, RLENGTH - 8) + 0 < sent + 0) open++ } END { print open + 0 }')
  echo $(($(${readinessProgram} busy $ports) + unanswered))
}

[ "$2" != busy ] || { busy; exit; }

deadline=$((SECONDS + ${Math.ceil(stack.declared.app.drainTimeout)}))
# Returns once callers know; and what was sent in the last moment has arrived by then.
${readinessProgram} close $ports
sleep 0.3
rm -f ${slotNames.map(cutFileOf).join(' ')}
until left=$(busy); [ "$left" = 0 ] || [ $SECONDS -ge $deadline ]; do
  # Once more, should HAProxy have been started anew meanwhile.
  ${readinessProgram} shut $ports
  sleep 0.5
done
[ "$left" = 0 ] || echo "$left" | tee $cut | sed 's/$/ were still open when their time was up/'
# All of it by name: the target would not wait for what takes its time to end.
units=$(systemctl list-units --all --plain --no-legend "\${target%.target}-*@*.service" "\${target%.target}-*.timer" | cut -d' ' -f1)
systemctl stop "$target" $units
# What did not end in time was killed, and so is failed; that is no failure of what serves now.
systemctl reset-failed "$target" $units 2>/dev/null || true
`
}

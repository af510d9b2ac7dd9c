import type { RenderContext } from '../component.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import type { Process } from './processes.ts'
import { copiesIn, retireProgram, type SlotName, targetOf, templateOf } from './slots.ts'

/** The target that starts and stops all that runs in a slot. Timers join it once the slot serves. */
export const renderTarget = (slot: SlotName, { stack, server }: RenderContext): string => `${placedByTrimaran}
${reasonsOn('release-trees-and-slots')}
[Unit]
Description=The app of ${stack.name} in its slot ${slot}
Wants=network-online.target ${copiesIn(slot, stack, server)
  .filter(({ process: { at } }) => at === undefined)
  .map(({ unit }) => unit)
  .join(' ')}

[Install]
WantedBy=multi-user.target
`

/** The timer of a scheduled process. A run that was missed while the server was off is skipped. */
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
${reasonsOn('release-trees-and-slots')}
[Unit]
Description=The app of ${stack.name} leaves its slot ${slot}

[Service]
Type=oneshot
# Started through bash: when this unit is checked, the program may not be installed yet.
ExecStart=/bin/bash ${retireProgram} ${slot}

${hardening('retirement')}
`

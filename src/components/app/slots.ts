import type { Slot } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import type { ServicePlace, Stack } from '../../stack/stack.ts'
import { closeDoors, doorPortOf, openDoors } from '../haproxy/index.ts'
import { type Process, processesOf } from './processes.ts'

/** The two places on an app server where a release can run. A change starts the new one beside the old one. */
export const slotNames = ['blue', 'green'] as const
export type SlotName = (typeof slotNames)[number]

/** Ends a slot once nobody is connected to it any more. */
export const retireProgram = '/usr/local/lib/trimaran/retire-app-slot'

export const targetOf = (slot: SlotName): string => `app-${slot}.target`
export const retirementOf = (slot: SlotName): string => `app-${slot}-retire.service`
/** The template that all units of one process in one slot are made from; what stands behind the @ is its port. */
export const templateOf = (slot: SlotName, { name }: Process): string => `app-${slot}-${name}@.service`

/** One running copy of a process. */
export interface Copy {
  readonly process: Process
  readonly unit: string
  /** The port that it listens on. */
  readonly port: number
}

/** All that runs in one slot. */
export function copiesIn(slot: SlotName, stack: Pick<Stack, 'declared'>): readonly Copy[] {
  return processesOf(stack).flatMap((one) =>
    Array.from({ length: one.copies }, (_, position) => {
      const port = one.firstPort + slotNames.indexOf(slot) * portsPerSlot + position
      return { process: one, port, unit: templateOf(slot, one).replace('@', `@${port}`) }
    }),
  )
}

/** Blue begins at a process's first port, green a hundred above. */
const portsPerSlot = 100

/** A slot as the plan sees it. */
export function slotOf(name: SlotName, stack: Pick<Stack, 'declared'>): Slot {
  const copies = copiesIn(name, stack)
  const ports = copies.map(({ port }) => port)
  const { health } = stack.declared.app
  return {
    name,
    target: targetOf(name),
    units: copies.map(({ unit }) => unit),
    // Well is what callers take for well: an answer below 400, within two seconds.
    probe: sh`for port in ${ports}; do curl -fsS -o /dev/null -m 2 "http://127.0.0.1:$port"${health} || exit 1; done`,
    enter: openDoors(ports),
    leave: closeDoors(ports),
    retirement: retirementOf(name),
  }
}

/** Every place on an app server that its callers may be sent to, in both slots. */
export const servicePlaces = (stack: Pick<Stack, 'declared'>): readonly ServicePlace[] =>
  slotNames.flatMap((slot) =>
    copiesIn(slot, stack).map(({ port }, position) => ({
      name: position === 0 ? slot : `${slot}-${position + 1}`,
      port,
      doorPort: doorPortOf(port),
    })),
  )

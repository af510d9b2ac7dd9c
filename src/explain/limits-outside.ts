import { publicAddress, serversOf, type Stack } from '../stack/stack.ts'

/** Something on which the stack depends and about which no number of servers helps. */
export interface OutsideLimit {
  readonly what: string
  readonly why: string
}

/** The honest rest: what lies outside of the stack, and would take it down whole. */
export function limitsOutside(stack: Stack): readonly OutsideLimit[] {
  const move = stack.virtualAddress?.move
  return [
    {
      what: 'one place',
      why:
        'Servers that share a power feed, a switch, a room or a hypervisor fail together. Trimaran cannot see that; ' +
        'whoever places the machines can.',
    },
    {
      what: 'one network',
      why: `All visitors arrive over the network that ${publicAddress(stack)} belongs to. When it is cut, so are they.`,
    },
    { what: 'the name', why: 'Visitors find the address through DNS, which somebody else serves.' },
    ...(move === undefined
      ? []
      : [{ what: 'the provider', why: `The address moves by ${move}, which has to work at that very moment.` }]),
    {
      what: 'the release',
      why: 'Every app server runs the same release, so a bug in it is everywhere.',
    },
    {
      what: 'mistakes in data',
      why:
        serversOf(stack, 'database').length > 1
          ? 'A replica repeats a wrong DELETE faithfully. Only a backup remembers, and Trimaran makes none yet.'
          : 'A wrong DELETE is carried out like any other. Only a backup remembers, and Trimaran makes none yet.',
    },
  ]
}

import { publicAddress, serversOf, type Stack } from '../stack/stack.ts'

/** Something that the stack depends on, where more servers do not help. */
export interface OutsideLimit {
  readonly what: string
  readonly why: string
}

/** Risks outside of the stack that would take all of it down. */
export function limitsOutside(stack: Stack): readonly OutsideLimit[] {
  const move = stack.virtualAddress?.move
  return [
    {
      what: 'one place',
      why:
        'Servers that share a power feed, a switch, a room or a hypervisor fail together. Trimaran cannot see that; ' +
        'check it when you place the machines.',
    },
    {
      what: 'one network',
      why: `All visitors arrive over the network that ${publicAddress(stack)} belongs to. When it fails, nobody reaches the site.`,
    },
    { what: 'the name', why: 'Visitors find the address through DNS, which another company serves.' },
    ...(move === undefined
      ? []
      : [{ what: 'the provider', why: `The address moves by ${move}, which must work at that moment.` }]),
    {
      what: 'the release',
      why: 'All app servers run the same release, with the same bugs.',
    },
    {
      what: 'mistakes in data',
      why:
        serversOf(stack, 'database').length > 1
          ? 'A replica repeats a wrong DELETE. Only a backup helps, and Trimaran makes none yet.'
          : 'A wrong DELETE is carried out like any other. Only a backup helps, and Trimaran makes none yet.',
    },
  ]
}

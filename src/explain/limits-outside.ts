import { hasDatabaseElsewhere, hasTier, publicAddress, serversOf, servingTier, type Stack } from '../stack/stack.ts'

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
      why: `All ${servingTier(stack)} servers have the same release, with the same bugs.`,
    },
    ...ofData(stack),
  ]
}

function ofData(stack: Stack): readonly OutsideLimit[] {
  if (hasDatabaseElsewhere(stack))
    return [
      {
        what: 'the database',
        why: 'It is not part of the stack: DATABASE_URL says where it is, and Trimaran does not look after it.',
      },
    ]
  if (!hasTier(stack, 'database')) return []
  const copies =
    serversOf(stack, 'database').length > 1
      ? 'A replica repeats a wrong DELETE.'
      : 'A wrong DELETE is carried out like any other.'
  return [{ what: 'mistakes in data', why: `${copies} Only a backup helps, and Trimaran makes none yet.` }]
}

import { type Answers, isObservation } from '../observation/observation.ts'
import { newestOrders } from '../stack/orders.ts'
import type { Refusal } from './refusal.ts'

/** The number of the newest copy that this computer has seen on each server, by name. */
export type SeenOrders = Readonly<Record<string, number>>

export interface CheckedOrders {
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly string[]
}

/**
 * What is to be said of the copies of the standing orders that were found. A copy that is not signed with the stack's key
 * gives no orders: where another server has a good one, the plan replaces it; where none has, nobody knows what stands, and
 * nothing is planned. Nor is anything where all that is left is older than what once stood.
 */
export function checkOrders(answers: Answers, seen: SeenOrders, stack: string): CheckedOrders {
  const copies = [...answers].flatMap(([server, answer]) => (isObservation(answer) ? [{ server, ...answer }] : []))
  const refused = copies.filter(({ refusedOrders }) => refusedOrders !== undefined)
  const newest = newestOrders(copies.map(({ orders }) => orders))
  if (newest === undefined) {
    return { refusals: refused.map(({ server, refusedOrders }) => refusalOf(server, refusedOrders!)), warnings: [] }
  }
  const highest = Math.max(0, ...Object.values(seen))
  const putBack = copies.flatMap(({ server, orders }) =>
    orders !== undefined && orders.number < (seen[server] ?? 0) ? [{ server, number: orders.number }] : [],
  )
  return {
    refusals: newest.number < highest ? [tooOld(stack, newest.number, highest, seen)] : [],
    warnings: [
      ...refused.map(
        ({ server, refusedOrders }) =>
          `${server}: its copy of the standing orders ${refusedOrders}: it is not used, and is replaced → look who was root there`,
      ),
      ...putBack.map(
        ({ server, number }) =>
          `${server}: its copy of the standing orders is number ${number}, and was number ${seen[server]} before: it is not used, and is replaced → look who put an old one back`,
      ),
    ],
  }
}

const refusalOf = (server: string, why: string): Refusal => ({
  server,
  what: `its copy of the standing orders ${why}, and no other server has a better one`,
  why: 'Which release runs, who is drained and whether the site is open would come from whoever wrote it',
  next: `if you know what stands: \`trimaran exec ${server} -- rm /var/lib/trimaran/orders.json\`, and \`trimaran up\` writes new ones`,
})

const tooOld = (stack: string, found: number, highest: number, seen: SeenOrders): Refusal => ({
  server: stack,
  what: `the newest standing orders that were found are number ${found}, and there were orders number ${highest}`,
  why: `${Object.keys(seen)
    .filter((server) => seen[server] === highest)
    .join(', ')} had them; what is left is old, or was put back by somebody`,
  next: 'bring the servers back that do not answer; if the stack was set up anew from another computer, delete `.trimaran/orders.*.json`',
})

import type { Server, Stack } from '../../stack/stack.ts'
import { type Caller, type Goal, isAllowed, mayBeClosed } from './expect.ts'
import type { Seen, WrongConnection } from './isolation.ts'

/** A connection that was tried, and what became of it. */
export interface Tried {
  readonly caller: Caller
  readonly goal: Goal
  readonly seen: Seen
}

/** Where a server listens: every address, or one of its own. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
}

export interface Checked {
  readonly allowed: number
  readonly refused: number
  readonly idle: number
  readonly wrong: readonly WrongConnection[]
}

/**
 * Holds what was tried against the links. Of UDP, silence is an open way: a refusal is always said. What is closed although a link
 * allows it is wrong only where something listens there.
 */
export function checkIsolation(
  stack: Pick<Stack, 'servers' | 'links' | 'virtualAddress'>,
  tried: readonly Tried[],
  listeners: ReadonlyMap<string, readonly Listener[]>,
): Checked {
  const count = { allowed: 0, refused: 0, idle: 0 }
  const wrong: WrongConnection[] = []
  for (const { caller, goal, seen } of tried) {
    const allowed = isAllowed(stack, caller, goal)
    if (allowed === undefined) continue
    const isOpen = seen === 'open' || (seen === 'silent' && goal.protocol === 'udp')
    if (isOpen === allowed) count[allowed ? 'allowed' : 'refused'] += 1
    else if (isOpen) wrong.push(toWrong(caller, goal, 'open'))
    else if (!isHeld(goal, listeners.get(goal.server.name) ?? []) || mayBeClosed(stack, caller, goal)) count.idle += 1
    else wrong.push(toWrong(caller, goal, 'closed'))
  }
  return { ...count, wrong: wrong.toSorted(byGoal) }
}

const byGoal = (a: WrongConnection, b: WrongConnection): number =>
  a.is.localeCompare(b.is) * -1 || a.to.localeCompare(b.to) || a.address.localeCompare(b.address) || a.port - b.port

const isHeld = ({ protocol, address, port }: Goal, listeners: readonly Listener[]): boolean =>
  listeners.some(
    (one) => one.protocol === protocol && one.port === port && (isAny(one.address) || one.address === address),
  )

const isAny = (address: string): boolean => ['*', '0.0.0.0', '[::]', '::'].includes(address)

const toWrong = ({ server, user }: Caller, goal: Goal, is: WrongConnection['is']): WrongConnection => ({
  ...(server !== undefined && { from: server.name, user }),
  to: goal.server.name,
  address: goal.address,
  protocol: goal.protocol,
  port: goal.port,
  is,
})

/** The ports to try: those of links, and those that anything listens on anywhere, be it on loopback alone. */
export function portsToTry(
  ofLinks: readonly number[],
  listeners: ReadonlyMap<string, readonly Listener[]>,
  protocol: Listener['protocol'],
): readonly number[] {
  const seen = [...listeners.values()].flat().filter((one) => one.protocol === protocol)
  return [...new Set([...ofLinks, ...seen.map(({ port }) => port)])].toSorted((a, b) => a - b).slice(0, mostPorts)
}

/** A server that listens on more, or says so, does not keep the others waiting. */
const mostPorts = 300

/** What one server is to try: each port of each other server, by each user. */
export function goalsOf(
  here: Server | undefined,
  servers: readonly Server[],
  ports: { readonly tcp: readonly number[]; readonly udp: readonly number[] },
  addressesOf: (server: Server) => readonly string[],
): readonly Goal[] {
  return servers
    .filter(({ name }) => name !== here?.name)
    .flatMap((server) =>
      addressesOf(server).flatMap((address) =>
        (['tcp', 'udp'] as const).flatMap((protocol) =>
          ports[protocol].map((port): Goal => ({ server, address, protocol, port })),
        ),
      ),
    )
}

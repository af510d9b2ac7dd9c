import { isAmong } from '../../stack/networks.ts'
import {
  callersOf,
  type Link,
  linksAcceptedBy,
  linksOpenedBy,
  publicAddress,
  type Server,
  serversOf,
  type Stack,
} from '../../stack/stack.ts'

type Known = Pick<Stack, 'servers' | 'links' | 'virtualAddress'>

/** Who tries a connection: a user of a server, or a computer that is not in the stack. */
export interface Caller {
  /** Absent for a computer outside the stack. */
  readonly server?: Server
  readonly user: string
}

/** Where it leads: a server, at an address that may be the virtual one. */
export interface Goal {
  readonly server: Server
  readonly address: string
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
}

/**
 * Whether the links of a stack allow a connection. Both ends have a say: what the caller's server lets out, and what the other lets
 * in. `undefined` where only the caller's own address would tell.
 */
export function isAllowed(stack: Known, caller: Caller, goal: Goal): boolean | undefined {
  if (caller.server !== undefined && !isLetOut(stack, { ...caller, server: caller.server }, goal)) return false
  return isLetIn(stack, caller, goal)
}

/** Whether what opens it closes it at times: then only its being open where it should not be is a fault. */
export const mayBeClosed = (stack: Known, { server }: Caller, goal: Goal): boolean =>
  server !== undefined &&
  linksOpenedBy(stack, server).some(
    ({ to, isNarrowed, ...link }) => isNarrowed === true && to === goal.server.tier && isPort(link, goal),
  )

function isLetOut(stack: Known, { server, user }: Required<Caller>, goal: Goal): boolean {
  return linksOpenedBy(stack, server).some(({ to, acceptedBy, addresses, users, ...link }) => {
    if (users !== undefined && !users.includes(user)) return false
    // The app has rules of its own: of the stack it may call the site alone.
    if (user === 'app') return isOfSite(stack, goal)
    if (!isPort(link, goal)) return false
    if (to === 'outside') return addresses === undefined || isAmong(goal.address, addresses)
    const isMeant = (to === 'servers' || to === goal.server.tier) && (acceptedBy?.includes(goal.server.name) ?? true)
    // A link leads to a server's own address, and not to the one that moves.
    return isMeant && goal.address === goal.server.address
  })
}

const isOfSite = (stack: Known, { address, protocol, port }: Goal): boolean =>
  protocol === 'tcp' &&
  address === publicAddress(stack) &&
  stack.links.some(({ from, ports }) => from === 'visitors' && ports.includes(port))

function isLetIn(stack: Known, { server }: Caller, goal: Goal): boolean | undefined {
  const links = linksAcceptedBy(stack, goal.server).filter((link) => isPort(link, goal))
  const said = links.map((link) => {
    if (link.from === 'visitors') return !goal.address.includes(':')
    if (link.from === 'operators' || link.from === 'outside')
      return (
        link.addresses === undefined || (server === undefined ? undefined : isAmong(server.address, link.addresses))
      )
    return server !== undefined && callersOf(stack, link).some(({ name }) => name === server.name)
  })
  if (said.includes(true)) return true
  return said.includes(undefined) ? undefined : false
}

const isPort = ({ protocol, ports }: Pick<Link, 'protocol' | 'ports'>, goal: Goal): boolean =>
  protocol === goal.protocol && ports.includes(goal.port)

/** All ports that a link names, of TCP or UDP. */
export const portsOfLinks = ({ links }: Pick<Stack, 'links'>, protocol: Goal['protocol']): readonly number[] =>
  [
    ...new Set(links.flatMap((link) => (link.protocol === protocol && link.to !== 'outside' ? link.ports : []))),
  ].toSorted((a, b) => a - b)

/** The servers that may hold the virtual address. */
export const holdersOf = (stack: Known): readonly Server[] => serversOf(stack, 'balancer')

import ipaddr from 'ipaddr.js'
import { isAddress } from '../../stack/networks.ts'
import {
  acceptersOf,
  callersOf,
  type Link,
  linksAcceptedBy,
  linksOpenedBy,
  type Protocol,
  type Server,
  sshPort,
  type Stack,
} from '../../stack/stack.ts'
import type { ServerContext } from '../server-context.ts'

/** What the firewall of one server lets through: one port, or a protocol that has none. */
export interface Opening {
  readonly direction: 'in' | 'out'
  readonly protocol: Protocol
  /** Absent for a protocol without ports. */
  readonly port?: number
  /** Addresses and networks at the other end, sorted; any address, where it is left out. */
  readonly addresses?: readonly string[]
  /** True where it is open to all of IPv4, and closed to IPv6. */
  readonly isIpv4?: boolean
  /** True for SSH into this server. */
  readonly isSsh?: boolean
  /** The users of this server who may connect; any, where it is left out. */
  readonly users?: readonly string[]
}

type Known = Pick<ServerContext, 'server' | 'facts'> & { readonly stack: Pick<Stack, 'servers' | 'links'> }

/**
 * Exactly what the links say of one server. A name is not an address: nft would have to resolve it, so a server that goes by one
 * is not let in. SSH is let in where the server itself listens for it.
 */
export function openingsOf({ stack, server, facts }: Known): readonly Opening[] {
  const sshPorts = facts.sshPorts.length > 0 ? facts.sshPorts : [sshPort]
  return [
    ...linksAcceptedBy(stack, server).flatMap((link) => {
      const isSsh = link.component === 'sshd'
      const addresses = addressesAt(link.from, link, callersOf(stack, link))
      return openingsFor(link, { direction: 'in', ports: isSsh ? sshPorts : link.ports, addresses, isSsh })
    }),
    ...linksOpenedBy(stack, server).flatMap((link) => {
      const addresses = addressesAt(link.to, link, acceptersOf(stack, link))
      return openingsFor(link, { direction: 'out', ports: link.ports, addresses })
    }),
  ]
    .reduce(joinEqual, [] as readonly Opening[])
    .toSorted(byPlace)
}

interface Sides {
  readonly direction: Opening['direction']
  readonly ports: readonly number[]
  readonly addresses: readonly string[] | undefined
  readonly isSsh?: boolean
}

function openingsFor(
  { from, protocol, users }: Link,
  { direction, ports, addresses, isSsh = false }: Sides,
): readonly Opening[] {
  const one = {
    direction,
    protocol,
    ...(addresses !== undefined && { addresses: withoutInner(addresses) }),
    ...(from === 'visitors' && { isIpv4: true }),
    ...(isSsh && { isSsh }),
    ...(users !== undefined && direction === 'out' && { users }),
  }
  return protocol === 'tcp' || protocol === 'udp' ? ports.map((port) => ({ ...one, port })) : [one]
}

/** Those of an end that is outside the stack are stated, or any; those of servers are their own. */
function addressesAt(end: Link['from'] | Link['to'], { addresses }: Link, servers: readonly Server[]) {
  if (end === 'visitors') return undefined
  if (end === 'operators' || end === 'outside') return addresses?.filter((one) => isNetwork(one))
  return servers.map(({ address }) => address).filter(isAddress)
}

const isNetwork = (text: string): boolean => (text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text))

/** Two links to one port are one opening, for the callers of both. */
function joinEqual(openings: readonly Opening[], one: Opening): readonly Opening[] {
  const same = openings.find((other) => keyOf(other) === keyOf(one))
  if (same === undefined) return [...openings, one]
  const { addresses: some, ...rest } = same
  const { addresses: others } = one
  // Where one of them is open to any address, both are.
  const joined =
    some === undefined || others === undefined ? rest : { ...rest, addresses: withoutInner([...some, ...others]) }
  return openings.map((other) => (other === same ? joined : other))
}

/** In order, and each but once: nft takes no address that lies in a network of the same set. */
export const withoutInner = (addresses: readonly string[]): readonly string[] =>
  [...new Set(addresses)].filter((one) => !addresses.some((other) => other !== one && liesIn(one, other))).toSorted()

function liesIn(inner: string, outer: string): boolean {
  const [address, length] = ipaddr.parseCIDR(withLength(inner))
  const network = ipaddr.parseCIDR(withLength(outer))
  return address.kind() === network[0].kind() && length >= network[1] && address.match(network)
}

const withLength = (text: string): string => (text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)

const keyOf = ({ direction, protocol, port, users }: Opening): string =>
  [direction, protocol, port ?? '', ...(users ?? [])].join(' ')

const byPlace = (a: Opening, b: Opening): number =>
  a.direction.localeCompare(b.direction) || a.protocol.localeCompare(b.protocol) || (a.port ?? 0) - (b.port ?? 0)

/** An opening as one line `in tcp 80=any`, by which two sets of rules are compared. */
export const writeOpening = (one: Opening): string => `${keyOf(one)}=${one.addresses?.join(',') ?? 'any'}`

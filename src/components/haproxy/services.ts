import type { StackState } from '../../stack/stack-state.ts'
import { isAddress } from '../../stack/networks.ts'
import { linksOutOf, type Server, type Service, type Endpoint, serversOf, type Stack } from '../../stack/stack.ts'

/** A service of the next tier, as one server's HAProxy sees it. */
export interface Upstream extends Service {
  /** The servers whose address is known. */
  readonly servers: readonly Server[]
  /** How many servers call it, this one included: they share its room and its patience for checks. */
  readonly callers: number
}

/** What the HAProxy of this server spreads over: every link out of its tier that names a service. */
export function upstreamsOf(server: Server, stack: Stack): readonly Upstream[] {
  return linksOutOf(stack, server.tier).flatMap(({ service, to }) =>
    service === undefined || to === 'servers'
      ? []
      : [
          {
            ...service,
            servers: serversOf(stack, to).filter(({ address }) => isAddress(address)),
            callers: serversOf(stack, server.tier).length,
          },
        ],
  )
}

/** Stands in a backend while none of its servers can be used; nobody is there. */
export const placeholder = 'placeholder'

/** The backend with the copies of a primary, for reads that may be a moment old. */
export const replicasOf = ({ name }: Pick<Upstream, 'name'>): string => `${name}-replicas`

/** The backend that tries requests for a service again while none of its servers is found well. */
export const retryBackendOf = ({ name }: Pick<Upstream, 'name'>): string => `${name}-retry`

/** A server once, or once for each endpoint at which the service may run there, with the readiness that tells whether it does. */
export const endpointsOf = (
  { name, address }: Server,
  { port, endpoints }: Upstream,
): readonly { readonly name: string; readonly address: string; readonly readiness?: Endpoint }[] =>
  endpoints === undefined
    ? [{ name, address: `${address}:${port}` }]
    : endpoints.list.map((readiness) => ({
        name: `${name}-${readiness.name}`,
        address: `${address}:${readiness.port}`,
        readiness,
      }))

/** Excludes a drained server that does not know of it: what it answers to checks is not believed. */
export const inSpite = ({ excluded }: Pick<StackState, 'excluded'>, { name }: Server): string =>
  excluded?.includes(name) === true ? ' disabled' : ''

/** All callers together ask a server at most twenty times a second, however many they are. */
export const checkMilliseconds = ({ callers }: Pick<Upstream, 'callers'>, least: number): number =>
  Math.max(least, callers * 50)
export const checkInterval = (upstream: Upstream, least: number): string => `${checkMilliseconds(upstream, least)}ms`

/** How often a caller asks at a readiness, which costs next to nothing; in milliseconds. */
export const leastInterval = 250

/** Whom a limit counts: an IPv4 address, or the network that one subscriber gets of IPv6. */
export const visitor = 'src,ipmask(32,64)'

import type { StackState } from '../../stack/stack-state.ts'
import { isAddress } from '../../stack/networks.ts'
import {
  isTier,
  linksOutOf,
  type Server,
  type Service,
  type Endpoint,
  serversOf,
  type Stack,
} from '../../stack/stack.ts'

/** A service of the next tier, as one server's HAProxy sees it. */
export interface Upstream extends Service {
  /** The servers whose address is known. */
  readonly servers: readonly Server[]
  /** How many servers call it, this one included: they share its limits on requests and checks. */
  readonly callers: number
}

/** The services that the HAProxy of this server calls: every link out of its tier that names a service. */
export function upstreamsOf(server: Server, stack: Stack): readonly Upstream[] {
  return linksOutOf(stack, server.tier).flatMap(({ service, to }) =>
    service === undefined || !isTier(to)
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

/** The address of a backend's placeholder server while none of its servers is known; nothing listens there. */
export const placeholder = 'placeholder'

/** The backend with the replicas, for reads that may be slightly old. */
export const replicasOf = ({ name }: Pick<Upstream, 'name'>): string => `${name}-replicas`

/** What stands between nginx and the sidecar, and passes bytes on. */
export const gateOf = ({ name }: Pick<Upstream, 'name'>): string => `nginx-to-${name}`

/** The backend that retries requests for a service while none of its servers is up. */
export const retryBackendOf = ({ name }: Pick<Upstream, 'name'>): string => `${name}-retry`

/** A server once, or once for each endpoint of the service there, with its readiness port. */
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

/** Excludes a drained server that does not know that it is drained: its answers to checks are not believed. */
export const inSpite = ({ excluded }: Pick<StackState, 'excluded'>, { name }: Server): string =>
  excluded?.includes(name) === true ? ' disabled' : ''

/** All callers together check a server at most twenty times a second. */
export const checkMilliseconds = ({ callers }: Pick<Upstream, 'callers'>, least: number): number =>
  Math.max(least, callers * 50)
export const checkInterval = (upstream: Upstream, least: number): string => `${checkMilliseconds(upstream, least)}ms`

/** How often a caller checks readiness, which costs almost nothing; in milliseconds. */
export const leastInterval = 250

/** What a limit counts by: an IPv4 address, or the IPv6 network of one subscriber. */
export const visitor = 'src,ipmask(32,64)'

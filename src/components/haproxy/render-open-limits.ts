import type { Stack } from '../../stack/stack.ts'
import { refuse } from './refuse.ts'
import { visitor } from './services.ts'
import type { Tuning } from './tune.ts'

const tables = { connections: 'open-connections', requests: 'open-requests' } as const

/**
 * The first bytes of a body, or all of a smaller one, must arrive in this time. The rest may pause for `timeout
 * client`.
 */
const firstOfBody = { bytes: 8192, seconds: 20 } as const

/** The ACLs for addresses that the config exempts; evaluated where they are used. */
function renderNames({ declared: { balancer } }: Pick<Stack, 'declared'>): string {
  const names = [
    ...balancer.trustedProxies.map((network) => `    acl is-proxy src ${network}\n`),
    ...balancer.perAddress.exempt.map((network) => `    acl is-unbounded src ${network}\n`),
  ]
  return names.join('')
}

/**
 * How many connections an address may have open, busy or idle. Connections of a proxy belong to many visitors, each of
 * whom is counted by open requests.
 */
export function renderConnectionLimit(stack: Pick<Stack, 'declared'>, connections: number): string {
  const { perAddress, trustedProxies, proxyProtocol } = stack.declared.balancer
  const most = Math.min(perAddress.connections, Math.floor(connections / 2))
  const exempt = [
    ...(trustedProxies.length > 0 ? ['is-proxy'] : []),
    ...(perAddress.exempt.length > 0 ? ['is-unbounded'] : []),
  ]
  const unless = exempt.length === 0 ? '' : ` unless ${exempt.join(' || ')}`
  return `${renderNames(stack)}${
    proxyProtocol
      ? `    # Proxies of the config begin with the PROXY protocol; what anybody else says in it is no HTTP.
    tcp-request connection expect-proxy layer4 if is-proxy
`
      : ''
  }    # At most ${most} connections of one address (perAddress).
    tcp-request session track-sc2 ${visitor} table ${tables.connections}${unless}
    tcp-request session reject if { sc2_conn_cur gt ${most} }`
}

/** How many requests an address may have open, and how fast a body must arrive. */
export function renderOpenLimit({ declared: { balancer, web } }: Pick<Stack, 'declared'>): string {
  const { perAddress } = balancer
  const unless = perAddress.exempt.length === 0 ? '' : ' unless is-unbounded'
  return `    # ${perAddress.openRequests} open requests of one address at a time, waiting and streaming ones included (perAddress).
    http-request track-sc1 ${visitor} table ${tables.requests}${unless}
${refuse({ status: 429, page: 429, retrySeconds: 5, condition: `{ sc1_conn_cur gt ${perAddress.openRequests} }` })}
    # The first ${firstOfBody.bytes / 1024} kB of a body must arrive within ${firstOfBody.seconds} s (${(firstOfBody.bytes / 1024 / firstOfBody.seconds).toFixed(1)} kB/s).
    # A body that is too large is refused before it is sent.
    http-request wait-for-body time ${firstOfBody.seconds}s at-least ${firstOfBody.bytes} unless { req.hdr_val(Content-Length) gt ${web.uploadLimit} }`
}

/** Each balancer counts for itself: open connections do not move with the address. */
export const renderOpenTables = ({ connections }: Tuning): string => `# What each address has open here now.
backend ${tables.connections}
    stick-table type ipv6 size ${Math.max(10_000, connections)} expire 10s store conn_cur

backend ${tables.requests}
    stick-table type ipv6 size ${Math.max(10_000, connections)} expire 10s store conn_cur`

import { isAddress } from '../../stack/networks.ts'
import { type Server, serversOf, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { visitor } from './services.ts'
import { refuse } from './refuse.ts'

/** The port on which balancers share their counters. */
export const peersPort = 8405

/** Each balancer has its own table, which the others only read: an update replaces the value there. */
const tableOf = ({ name }: Server): string => `balancers/${name}`

const countedBy = (stack: Pick<Stack, 'servers'>): readonly Server[] =>
  serversOf(stack, 'balancer').filter(({ address }) => isAddress(address))

/** The rules that refuse requests above the limit of an address; none where there is no limit. */
export function renderRateLimit(stack: Stack, server: Server): readonly string[] {
  const limit = stack.declared.balancer.rateLimit
  if (limit === undefined) return []
  const { requests, per, exempt } = limit
  const [andNot, unless] = exempt.length === 0 ? ['', ''] : [' !is-exempt', ' unless is-exempt']
  const sums = countedBy(stack).map(
    (one, position) =>
      `    http-request set-var(txn.sent) ${visitor},table_gpc0_rate(${tableOf(one)})${position === 0 ? '' : ',add(txn.sent)'}`,
  )
  return [
    `    # An address may send ${requests} requests in ${per} s (rateLimit), whichever balancer it reaches: the sum of what all of
    # them let through. Refused requests do not count.
${exempt.map((address) => `    acl is-exempt src ${address}\n`).join('')}    http-request track-sc0 ${visitor} table ${tableOf(server)}${unless}
${sums.join('\n')}
${refuse({ status: 429, page: 429, retrySeconds: per, condition: `{ var(txn.sent) -m int ge ${requests} }${andNot}` })}
    http-request sc-inc-gpc0(0)${unless}`,
  ]
}

/**
 * The counters of the limit, and the balancers that share them; a reload passes them to the new worker in the same way.
 */
export function renderPeers({ stack, server, facts }: RenderContext): readonly string[] {
  const memoryBytes = server.size?.memoryBytes ?? facts.memoryBytes
  const limit = stack.declared.balancer.rateLimit
  if (limit === undefined) return []
  const balancers = countedBy(stack)
  const size = Math.min(
    1_000_000,
    Math.max(10_000, Math.floor((memoryBytes * 0.05) / bytesPerEntry / balancers.length)),
  )
  const peers = balancers.map(
    ({ name, address }) => `    peer ${name} ${balancers.length === 1 ? '127.0.0.1' : address}:${peersPort}`,
  )
  const tables = balancers.map(
    ({ name }) =>
      `    table ${name} type ipv6 size ${Math.floor(size / 1000)}k expire ${limit.per}s store gpc0_rate(${limit.per}s)`,
  )
  return [
    `# How many requests each address sent: each balancer counts in its own table and tells the others, so that the limit holds
# over all of them, also across a reload. Tables take at most 5 % of the memory; the oldest entries are dropped.
peers balancers
${[...peers, ...tables].join('\n')}`,
  ]
}

/** The memory for an entry: its address, its counter, and HAProxy's tree and list nodes. */
const bytesPerEntry = 256

/** The name of a balancer among its peers, where they share counters. */
export const renderLocalPeer = ({ stack, server }: Pick<RenderContext, 'stack' | 'server'>): string =>
  server.tier === 'balancer' && stack.declared.balancer.rateLimit !== undefined
    ? `
    # The name under which the other balancers know this one.
    localpeer ${server.name}`
    : ''

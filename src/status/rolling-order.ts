import type { Server } from '../stack/stack.ts'
import { tierNames, tiers } from '../stack/tiers.ts'
import type { StatusReport } from './summarise.ts'

/** Tiers in rolling order. Those come late in which others depend on one server: balancers and databases. */
const tiersInOrder = tierNames.toSorted((a, b) => Number(tiers[a].hasLeader) - Number(tiers[b].hasLeader))

/**
 * The rolling order: the order in which servers are taken out of service, such that it disturbs least: whoever others of its tier
 * depend on comes last, so that the address and the primary role move once, to a server that is done.
 */
export function rollingOrder(
  servers: readonly Server[],
  { balancer, database }: Pick<StatusReport, 'balancer' | 'database'>,
): readonly Server[] {
  const isLeader = ({ name }: Server): boolean => balancer.holders.includes(name) || database.leaders.includes(name)
  return servers.toSorted(
    (a, b) =>
      Number(isLeader(a)) - Number(isLeader(b)) ||
      tiersInOrder.indexOf(a.tier) - tiersInOrder.indexOf(b.tier) ||
      a.index - b.index,
  )
}

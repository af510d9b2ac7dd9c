import type { Server, TierName } from '../stack/stack.ts'
import type { StatusReport } from './summarise.ts'

/** Tiers in the order of their turns. Balancers and databases come late: each of them has one that others depend on. */
const tierOrder: readonly TierName[] = ['web', 'app', 'balancer', 'database']

/**
 * The order in which servers take turns at being out of service, such that it disturbs least: whoever others of its tier
 * depend on comes last, so that the address and the primary's office move once, to a server whose turn is over.
 */
export function orderTurns(
  servers: readonly Server[],
  { balancer, database }: Pick<StatusReport, 'balancer' | 'database'>,
): readonly Server[] {
  const leads = ({ name }: Server): boolean => balancer.holders.includes(name) || database.leaders.includes(name)
  return servers.toSorted(
    (a, b) =>
      Number(leads(a)) - Number(leads(b)) || tierOrder.indexOf(a.tier) - tierOrder.indexOf(b.tier) || a.index - b.index,
  )
}

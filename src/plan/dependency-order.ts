import { isTier, type Stack, type TierName } from '../stack/stack.ts'
import { tierNames } from '../stack/tiers.ts'

/** Tiers in the order in which they change: who is called before who calls, as the links say. */
export function dependencyOrder(stack: Pick<Stack, 'links'>): readonly TierName[] {
  const order: TierName[] = []
  const visit = (tier: TierName, path: readonly TierName[]): void => {
    if (order.includes(tier) || path.includes(tier)) return
    for (const link of stack.links) {
      if (link.from === tier && link.to !== tier && isTier(link.to)) visit(link.to, [...path, tier])
    }
    order.push(tier)
  }
  for (const tier of tierNames) visit(tier, [])
  return order
}

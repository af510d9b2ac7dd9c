import type { Server, TierName } from './stack.ts'
import { app } from './tiers/app.ts'
import { balancer } from './tiers/balancer.ts'
import { database } from './tiers/database.ts'
import type { Tier } from './tiers/tier.ts'
import { web } from './tiers/web.ts'

/** Every tier, in the order in which a request meets them. */
export const tiers: Readonly<Record<TierName, Tier>> = { balancer, web, app, database }

export const tierNames = Object.keys(tiers) as readonly TierName[]

/** The tiers that a stack has servers of. */
export const tiersOf = ({ servers }: { readonly servers: readonly Pick<Server, 'tier'>[] }): readonly TierName[] =>
  tierNames.filter((name) => servers.some(({ tier }) => tier === name))

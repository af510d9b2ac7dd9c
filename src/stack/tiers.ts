import type { Config } from '../config/schema.ts'
import type { Server } from './stack.ts'
import { app } from './tiers/app.ts'
import { balancer } from './tiers/balancer.ts'
import { database } from './tiers/database.ts'
import type { Tier } from './tiers/tier.ts'
import { web } from './tiers/web.ts'

/** Every tier, in the order in which a request meets them; each is a section of the config. */
export const tiers = { balancer, web, app, database } as const satisfies { readonly [Section in keyof Config]?: Tier }

export type TierName = keyof typeof tiers

export const tierNames = Object.keys(tiers) as readonly TierName[]

/** The tiers that a stack has servers of. */
export const tiersOf = ({ servers }: { readonly servers: readonly Pick<Server, 'tier'>[] }): readonly TierName[] =>
  tierNames.filter((name) => servers.some(({ tier }) => tier === name))

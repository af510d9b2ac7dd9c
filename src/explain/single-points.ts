import { type Stack, type TierName, serversOf } from '../stack/stack.ts'
import { tiers, tiersOf } from '../stack/tiers.ts'
import { changeOfTier, removalOf } from './config-change.ts'
import { sharedMachines } from './shared-machines.ts'
import { listNames } from './text.ts'

/** One thing whose failure alone stops the service for visitors. */
export interface SinglePoint {
  /** `web-1`, `db-1 and db-2`, or the name of a machine that several servers share. */
  readonly what: string
  /** The servers that are lost with it, or any of which is enough. */
  readonly servers: readonly string[]
  readonly tier: TierName
  /** What visitors notice, in whole sentences. */
  readonly consequence: string
  /** The change of the config that removes it, as it would be written there. */
  readonly change: string
  /** What that change asks for: `one more server`. */
  readonly cost: string
}

/**
 * Every single point of failure among the servers of a stack, in the order in which a request meets them. Each server,
 * and each machine that several servers share, is removed in turn; it is a single point where a tier then no longer
 * works. Risks outside of the stack are in `limitsOutside`.
 */
export function singlePointsOfFailure(stack: Stack): readonly SinglePoint[] {
  return [...tiersOf(stack).flatMap((tier) => pointsOfTier(stack, tier)), ...pointsOfSharedMachines(stack)]
}

/** What to call the points when they are counted: each server, or the machine that several share. */
export const namePoints = (points: readonly SinglePoint[]): readonly string[] =>
  points.flatMap(({ what, servers }) => (what === listNames(servers) ? servers : [what]))

/** Servers of one tier with the same fate are told together: `db-1 and db-2`. */
function pointsOfTier(stack: Stack, tier: TierName): readonly SinglePoint[] {
  const names = soloPoints(stack, tier)
  if (names.length === 0) return []
  const what = listNames(names)
  return [
    { what, servers: names, tier, consequence: tiers[tier].consequence(what, stack), ...changeOfTier(stack, tier) },
  ]
}

function soloPoints(stack: Stack, tier: TierName): readonly string[] {
  return serversOf(stack, tier)
    .map(({ name }) => name)
    .filter((name) => isBroken(stack, tier, [name]))
}

/** A shared machine counts where it breaks a tier that would survive the loss of any one of its servers. */
function pointsOfSharedMachines(stack: Stack): readonly SinglePoint[] {
  return sharedMachines(stack).flatMap(({ machine, servers }) => {
    const names = servers.map(({ name }) => name)
    const tier = tiersOf(stack).find((one) => isBroken(stack, one, names) && soloPoints(stack, one).length === 0)
    if (tier === undefined) return []
    const together = `${listNames(names)} are one machine, so they fail together.`
    const consequence = `${together} ${tiers[tier].consequence(machine, stack)}`
    return [{ what: machine, servers: names, tier, consequence, ...removalOf(servers) }]
  })
}

function isBroken(stack: Stack, tier: TierName, lost: readonly string[]): boolean {
  return !tiers[tier].survives(
    serversOf(stack, tier).filter(({ name }) => !lost.includes(name)),
    stack,
  )
}

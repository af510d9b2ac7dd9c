import { type Server, type Stack, type TierName, serversOf, tierNames, etcdMembers } from '../stack/stack.ts'
import { changeOfTier, removalOf } from './config-change.ts'
import { sharedMachines } from './shared-machines.ts'
import { listNames } from './text.ts'

/** One thing whose loss alone keeps visitors from being served. */
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
 * and each machine that several servers share, is taken away in thought; it is a single point where a tier can then no
 * longer do its work. What lies outside of the stack is told by `limitsOutside`.
 */
export function singlePointsOfFailure(stack: Stack): readonly SinglePoint[] {
  return [...tierNames.flatMap((tier) => pointsOfTier(stack, tier)), ...pointsOfSharedMachines(stack)]
}

/** What to call the points when they are counted: each server, or the machine that several share. */
export const namePoints = (points: readonly SinglePoint[]): readonly string[] =>
  points.flatMap(({ what, servers }) => (what === listNames(servers) ? servers : [what]))

interface TierRule {
  /** Whether the tier still does its work when only `left` is left of it. */
  readonly survives: (left: readonly Server[], stack: Stack) => boolean
  /** What visitors notice when the tier no longer does its work. */
  readonly consequence: (lost: string, stack: Stack) => string
}

const rules: Readonly<Record<TierName, TierRule>> = {
  balancer: {
    survives: (left) => left.length > 0,
    consequence: (lost) => `Nobody reaches the site until ${lost} is back: every request enters through it.`,
  },
  web: {
    survives: (left) => left.length > 0,
    consequence: (lost) => `Every request fails until ${lost} is back: all of them pass through it.`,
  },
  app: {
    survives: (left) => left.length > 0,
    consequence: (lost) => `Only static files still arrive; whatever the app answers fails until ${lost} is back.`,
  },
  database: { survives: hasMajority, consequence: databaseConsequence },
}

function hasMajority(left: readonly Server[], stack: Stack): boolean {
  const all = etcdMembers(stack)
  // An etcd member without data lives in another tier, and is not lost with a server of this one.
  const standing = all.filter(({ name, tier }) => tier !== 'database' || left.some((server) => server.name === name))
  return left.length > 0 && standing.length > all.length / 2
}

function databaseConsequence(lost: string, stack: Stack): string {
  if (serversOf(stack, 'database').length === 1) {
    return (
      `Whatever needs data fails until ${lost} is back. It holds the only copy: ` +
      'if its disk is lost, so is all of it. Trimaran makes no backups yet.'
    )
  }
  return (
    'Nothing acknowledged is lost, for others hold a copy. But the etcd members that are left are no majority: they cannot tell ' +
    'dead neighbours from a cut cable, so nobody leads rather than two, and whatever needs data fails until it is back.'
  )
}

/** Servers of one tier with the same fate are told together: `db-1 and db-2`. */
function pointsOfTier(stack: Stack, tier: TierName): readonly SinglePoint[] {
  const names = soloPoints(stack, tier)
  if (names.length === 0) return []
  const what = listNames(names)
  return [
    { what, servers: names, tier, consequence: rules[tier].consequence(what, stack), ...changeOfTier(stack, tier) },
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
    const tier = tierNames.find((one) => isBroken(stack, one, names) && soloPoints(stack, one).length === 0)
    if (tier === undefined) return []
    const together = `${listNames(names)} are one machine, so they fail together.`
    const consequence = `${together} ${rules[tier].consequence(machine, stack)}`
    return [{ what: machine, servers: names, tier, consequence, ...removalOf(servers) }]
  })
}

function isBroken(stack: Stack, tier: TierName, lost: readonly string[]): boolean {
  return !rules[tier].survives(
    serversOf(stack, tier).filter(({ name }) => !lost.includes(name)),
    stack,
  )
}

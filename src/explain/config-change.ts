import { type Server, type Stack, type TierName, serversOf } from '../stack/stack.ts'
import { tiers } from '../stack/tiers.ts'
import { countOf } from '../speech/count-of.ts'

interface Change {
  /** As it would be written in the config. */
  readonly change: string
  readonly cost: string
}

/** The change after which a tier survives the loss of any one server. */
export function changeOfTier(stack: Stack, tier: TierName): Change {
  const { servers } = stack.declared[tier]
  const missing = Math.max(0, tiers[tier].enough - serversOf(stack, tier).length)
  const needsAddress = tier === 'balancer' && stack.virtualAddress === undefined && typeof servers !== 'number'
  const address = needsAddress ? ", virtualAddress: 'free-address/24'" : ''
  const costs = [
    ...(missing > 0 ? [countOf(missing, 'more server')] : []),
    ...(needsAddress ? ['a free address in the network of the balancers'] : []),
  ]
  return { change: `${tier}: { servers: ${writeServers(stack, tier, missing)}${address} }`, cost: costs.join(' and ') }
}

/** The change that gives each of several servers a machine of its own. */
export function removalOf(servers: readonly Server[]): Change {
  const others = servers.slice(1)
  return {
    change: others.map(({ name, tier }) => `${tier}: another machine as ${name}`).join(', '),
    cost: countOf(others.length, 'more machine'),
  }
}

function writeServers(stack: Stack, tier: TierName, missing: number): string {
  const { servers } = stack.declared[tier]
  if (typeof servers === 'number') return String(servers + missing)
  const known = servers.map(({ ssh }) => `'${ssh}'`)
  return `[${[...known, ...Array.from({ length: missing }, () => "'another-server'")].join(', ')}]`
}

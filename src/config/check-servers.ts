import { fieldOf } from './field-of.ts'
import { sectionsWith } from './known-settings.ts'
import { type Mistake, pathOf } from './mistake.ts'
import { hostOf } from './values/destination.ts'

type Keys = readonly (string | number)[]

/** One server as it was written, whatever else is wrong around it. */
interface Written {
  readonly keys: Keys
  readonly ssh: string
  readonly address?: string
}

/** Finds what is wrong among the servers of all tiers; the input need not be sound otherwise. */
export function checkServers(input: unknown): readonly Mistake[] {
  const servers = sectionsWith('servers').flatMap((tier) => writtenServers(input, tier))
  return [
    ...namedTwice(servers, 'server', (server) => hostOf(server.ssh)),
    ...namedTwice(servers, 'address', (server) => server.address),
    ...virtualAddressOfAServer(input, servers),
    ...balancersWithoutAddress(input),
  ]
}

function namedTwice(
  servers: readonly Written[],
  what: 'server' | 'address',
  identityOf: (server: Written) => string | undefined,
): readonly Mistake[] {
  const seen = new Map<string, Written>()
  return servers.flatMap((server) => {
    const identity = identityOf(server)
    if (identity === undefined) return []
    const first = seen.get(identity)
    if (first === undefined) seen.set(identity, server)
    return first === undefined ? [] : [second(server, first, what)]
  })
}

function second(server: Written, first: Written, what: 'server' | 'address'): Mistake {
  const keys = what === 'address' ? [...server.keys, 'address'] : server.keys
  const value = what === 'address' ? server.address : server.ssh
  const rule = what === 'address' ? 'two servers cannot share an address' : 'a server can only be in one tier'
  const place = pathOf(what === 'address' ? [...first.keys, 'address'] : first.keys)
  return {
    keys,
    path: pathOf(keys),
    problem: `is "${value}", as is ${place}`,
    reason: rule,
    suggestion: `name another ${what}`,
  }
}

function virtualAddressOfAServer(input: unknown, servers: readonly Written[]): readonly Mistake[] {
  const written = fieldOf(fieldOf(input, 'balancer'), 'virtualAddress')
  const isObject = typeof written !== 'string'
  const value = isObject ? fieldOf(written, 'address') : written
  if (typeof value !== 'string') return []
  const address = value.split('/')[0]!
  const owner = servers.find((server) => server.address === address || hostOf(server.ssh) === address)
  if (owner === undefined) return []
  const keys = ['balancer', 'virtualAddress', ...(isObject ? ['address'] : [])]
  const problem = `is ${address}, the address of ${pathOf(owner.keys)}`
  const reason = 'a virtual address moves between balancers, so no server may have it as its own'
  return [{ keys, path: pathOf(keys), problem, reason, suggestion: 'name an address of the same network that is free' }]
}

/** With counts alone the stack is meant for the lab, which has an address to give. */
function balancersWithoutAddress(input: unknown): readonly Mistake[] {
  const balancer = fieldOf(input, 'balancer')
  const servers = fieldOf(balancer, 'servers')
  if (!Array.isArray(servers) || servers.length < 2 || fieldOf(balancer, 'virtualAddress') !== undefined) return []
  const keys = ['balancer', 'virtualAddress']
  const reason = `${servers.length} balancers need an address that moves between them, such as '203.0.113.10/24'`
  return [
    {
      keys,
      path: pathOf(keys),
      problem: 'is missing',
      reason,
      suggestion: 'add a free address of their network, or leave one balancer',
    },
  ]
}

function writtenServers(input: unknown, tier: string): readonly Written[] {
  const entries = fieldOf(fieldOf(input, tier), 'servers')
  if (!Array.isArray(entries)) return []
  return entries.flatMap((entry: unknown, index): readonly Written[] => {
    const keys = [tier, 'servers', index]
    if (typeof entry === 'string') return [{ keys, ssh: entry }]
    const ssh = fieldOf(entry, 'ssh')
    const address = fieldOf(entry, 'address')
    return typeof ssh === 'string' ? [{ keys, ssh, ...(typeof address === 'string' && { address }) }] : []
  })
}

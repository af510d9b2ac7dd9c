import type { Config, ServerEntry } from '../config/schema.ts'
import { type Link, linksAmong, type Server, type ServerSize, type Stack, type TierName } from './stack.ts'
import { tierNames, tiers } from './tiers.ts'

/**
 * Where the servers of a config are. In a lab every server gets an address of the lab's own /24 and its name as SSH
 * destination. In production the config names destinations, and `addresses` gives the private address that each server
 * itself reported; a server that nobody has reached yet is missing there. `cores` are those of this computer or, by name,
 * those of servers that had to be counted. `moveScript` is the content of the file that
 * `virtualAddress.move` names, where it names one of the project's.
 */
export type Placement =
  | { readonly kind: 'lab'; readonly subnet: string; readonly cores?: number }
  | {
      readonly kind: 'production'
      readonly addresses: ReadonlyMap<string, string>
      readonly cores?: ReadonlyMap<string, number>
      readonly moveScript?: string
    }

const labVirtualHost = 10

/** Gives a config its meaning: names, addresses, and the links that `declareLinks` finds among the tiers. */
export function createStack(
  declared: Config,
  placement: Placement,
  declareLinks: (stack: Omit<Stack, 'links'>) => readonly Link[],
): Stack {
  const servers = tierNames.flatMap((tier) => serversIn(declared, tier, placement))
  const virtualAddress = virtualAddressOf(declared, placement)
  const base = { name: declared.name, servers, declared, ...(virtualAddress && { virtualAddress }) }
  return { ...base, links: linksAmong(base, declareLinks(base)) }
}

function serversIn(declared: Config, tier: TierName, placement: Placement): readonly Server[] {
  const entries = declared[tier].servers
  const list: readonly (ServerEntry | undefined)[] =
    typeof entries === 'number' ? Array.from({ length: entries }, () => undefined) : entries
  return list.map((entry, position) => serverAt(declared, tier, position + 1, entry, placement))
}

function serverAt(
  declared: Config,
  tier: TierName,
  index: number,
  entry: ServerEntry | undefined,
  placement: Placement,
): Server {
  const name = `${tiers[tier].hostPrefix}-${index}`
  if (placement.kind === 'lab') {
    const address = inSubnet(placement.subnet, tiers[tier].labHost + index - 1)
    return { name, tier, index, address, destination: name, size: labSize(declared, placement.cores) }
  }
  const destination = entry?.ssh ?? name
  const cores = placement.cores?.get(name)
  const address = entry?.address ?? placement.addresses.get(name) ?? destination
  return { name, tier, index, address, destination, ...(cores !== undefined && { size: { cores } }) }
}

function labSize({ lab }: Config, all: number | undefined): ServerSize {
  const cores = lab.cores ?? all
  return { memoryBytes: lab.memory, ...(cores !== undefined && { cores }) }
}

function virtualAddressOf(declared: Config, placement: Placement): Stack['virtualAddress'] {
  const { virtualAddress, servers } = declared.balancer
  if (placement.kind === 'lab') {
    const isPair = (typeof servers === 'number' ? servers : servers.length) > 1
    if (!isPair && virtualAddress === undefined) return undefined
    return { address: inSubnet(placement.subnet, labVirtualHost), prefixLength: 24 }
  }
  if (virtualAddress === undefined) return undefined
  const { address: cidr, move }: { address: string; move?: string } =
    typeof virtualAddress === 'string' ? { address: virtualAddress } : virtualAddress
  const { moveScript } = placement
  const [address, bits] = cidr.split('/') as [string, string]
  return {
    address,
    prefixLength: Number(bits),
    ...(move !== undefined && { move }),
    ...(moveScript !== undefined && { moveScript }),
  }
}

const inSubnet = (subnet: string, host: number): string => subnet.replace(/\.\d+$/, `.${host}`)

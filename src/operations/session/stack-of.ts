import { availableParallelism } from 'node:os'
import { components } from '../../components/index.ts'
import type { Config } from '../../config/schema.ts'
import { createStack, type Placement } from '../../stack/create-stack.ts'
import { linksAmong, type Server, type Stack, serversOf } from '../../stack/stack.ts'
import { tierNames } from '../../stack/tiers.ts'
import type { Session } from './session.ts'

/** The meaning of a config, with the links that all components declare. */
export const stackOf = (config: Config, placement: Placement): Stack => createStack(config, placement, linksOf)

/** The network of a lab, `198.18.3.0/24`, without the length of its prefix. */
export const labPlacement = ({ subnet }: { readonly subnet: string }): Placement => ({
  kind: 'lab',
  subnet: subnet.slice(0, subnet.indexOf('/')),
  cores: availableParallelism(),
})

/** The same session with one machine removed from the stack. */
export function withRemovedServer(session: Session, server: Server): Session {
  const replaced = session.replaced.filter(({ name }) => name !== server.name)
  const servers = session.stack.servers.filter(({ name }) => name !== server.name)
  return { ...session, stack: withServers(session.stack, servers), removed: [...session.removed, server], replaced }
}

/** The stack as it still is on servers that are being removed. */
export function withRemoved({ stack, removed }: Pick<Session, 'stack' | 'removed'>): Stack {
  if (removed.length === 0) return stack
  const all = [...stack.servers, ...removed]
  const servers = tierNames.flatMap((tier) => serversOf({ servers: all }, tier).toSorted((a, b) => a.index - b.index))
  return withServers(stack, servers)
}

function withServers(stack: Stack, servers: readonly Server[]): Stack {
  const base = { ...stack, servers }
  return { ...base, links: linksAmong(base, linksOf(base)) }
}

const linksOf = (stack: Omit<Stack, 'links'>): Stack['links'] =>
  components.flatMap((component) => component.links(stack))

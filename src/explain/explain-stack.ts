import type { Component, Explanation } from '../components/component.ts'
import { type Link, linksInto, linksOutOf, type Server, serversOf, type Stack, type TierName } from '../stack/stack.ts'
import { tiers, tiersOf } from '../stack/tiers.ts'
import type { Explained, ExplainedComponent, ExplainedTier, Talk, Told } from './explained.ts'
import { isEverywhere } from './is-everywhere.ts'
import { limitsOutside } from './limits-outside.ts'
import { tracePath } from './request-path.ts'
import { singlePointsOfFailure } from './single-points.ts'

/** Explains each part of this stack: the way of a request, then every tier, then the remaining risks. */
export function explainStack(stack: Stack, components: readonly Component[]): Explained {
  const { yes: ofAll = [], no: ofTiers = [] } = Object.groupBy(components, (one) =>
    isEverywhere(one, stack) ? 'yes' : 'no',
  )
  return {
    stack: stack.name,
    path: tracePath(stack),
    tiers: tiersOf(stack).map((tier) => explainTier(stack, tier, ofTiers)),
    everywhere: ofAll.flatMap((one) => explainComponent(one, stack.servers, stack)),
    everywhereTalks: talksOfAll(stack),
    singlePoints: singlePointsOfFailure(stack),
    outside: limitsOutside(stack),
  }
}

function explainTier(stack: Stack, tier: TierName, components: readonly Component[]): ExplainedTier {
  const servers = serversOf(stack, tier)
  return {
    tier,
    servers: servers.map(({ name, address }) => ({ name, address })),
    purpose: tiers[tier].purpose(stack),
    whenOneDies: tiers[tier].whenOneDies(stack),
    components: components.flatMap((component) => explainComponent(component, servers, stack)),
    talks: talksOf(stack, tier),
  }
}

function explainComponent(
  component: Component,
  candidates: readonly Server[],
  stack: Stack,
): readonly ExplainedComponent[] {
  const servers = candidates.filter((server) => component.belongsOn(server, stack))
  if (servers.length === 0) return []
  const said = servers.map((server) => ({ server: server.name, explanation: component.explain(server, stack) }))
  const gather = (pick: (explanation: Explanation) => string | undefined): readonly Told[] =>
    emitOnce(said.map(({ server, explanation }) => [server, pick(explanation)]))
  return [
    {
      name: component.name,
      servers: servers.map(({ name }) => name),
      what: gather(({ what }) => what),
      why: gather(({ why }) => why),
      brings: benefits.flatMap((benefit) =>
        gather(({ brings }) => brings[benefit]).map((told) => ({ benefit, ...told })),
      ),
      whenItDies: gather(({ whenItDies }) => whenItDies),
    },
  ]
}

const benefits = ['redundancy', 'scalability', 'isolation', 'performance', 'ease of maintenance'] as const

/** Groups servers that say the same, in the order in which each text was first said. */
export function emitOnce(said: readonly (readonly [server: string, text: string | undefined])[]): readonly Told[] {
  const byText = new Map<string, string[]>()
  for (const [server, text] of said) {
    if (text !== undefined && text !== '') byText.set(text, [...(byText.get(text) ?? []), server])
  }
  return [...byText].map(([text, servers]) => ({ servers, text }))
}

/** Connections of every server, whatever its tier. */
function talksOfAll(stack: Stack): readonly Talk[] {
  const { servers } = stack
  const { yes: among = [], no: incoming = [] } = Object.groupBy(linksInto(stack, 'servers'), ({ from }) =>
    from === 'servers' ? 'yes' : 'no',
  )
  return [
    ...incoming.map((link) => talk('accepts', link.from, link, servers)),
    ...linksOutOf(stack, 'servers')
      .filter(({ to }) => to === 'outside')
      .map((link) => talk('opens', link.to, link, servers)),
    ...among.map((link) => talk('among', 'servers', link, servers)),
  ]
}

/** Connections within a tier of one server do not exist yet, so they are not told. */
function talksOf(stack: Stack, tier: TierName): readonly Talk[] {
  const servers = serversOf(stack, tier)
  const isAlone = servers.length === 1
  const incoming = linksInto(stack, tier)
  const outgoing = linksOutOf(stack, tier).filter((link) => link.to !== tier)
  return [
    ...incoming.filter((link) => link.from !== tier).map((link) => talk('accepts', link.from, link, servers)),
    ...outgoing.map((link) => talk('opens', link.to, link, servers)),
    ...incoming.filter((link) => link.from === tier && !isAlone).map((link) => talk('among', tier, link, servers)),
  ]
}

function talk(direction: Talk['direction'], other: Talk['with'], link: Link, servers: readonly Server[]): Talk {
  const { component, protocol, ports, why, openedBy, acceptedBy, addresses, users } = link
  const [own, theirs] = direction === 'opens' ? [openedBy, acceptedBy] : [acceptedBy, openedBy]
  return {
    direction,
    servers: own ?? servers.map(({ name }) => name),
    with: other,
    ...(theirs !== undefined && { withOnly: theirs }),
    ...(addresses !== undefined && { addresses }),
    ...(users !== undefined && { users }),
    component,
    protocol,
    ports,
    why,
  }
}

import type { Explained, ExplainedTier } from './explained.ts'

/** Only what concerns one tier or one server; undefined where the stack has none of that name. */
export function narrowExplanation(explained: Explained, name: string): Explained | undefined {
  const tier = explained.tiers.find((one) => one.tier === name || one.servers.some((server) => server.name === name))
  if (tier === undefined) return undefined
  const servers = tier.tier === name ? tier.servers.map((server) => server.name) : [name]
  return {
    ...explained,
    path: [],
    tiers: [narrowTier(tier, explained, servers)],
    everywhere: [],
    everywhereTalks: [],
    singlePoints: explained.singlePoints.filter((point) => point.servers.some((server) => servers.includes(server))),
    outside: [],
  }
}

/** Components of every server are shown with the tier here. */
function narrowTier(
  tier: ExplainedTier,
  { everywhere, everywhereTalks }: Explained,
  servers: readonly string[],
): ExplainedTier {
  return {
    ...tier,
    servers: tier.servers.filter(({ name }) => servers.includes(name)),
    components: among([...tier.components, ...everywhere], servers).map((component) => ({
      ...component,
      what: among(component.what, servers),
      why: among(component.why, servers),
      brings: among(component.brings, servers),
      whenItDies: among(component.whenItDies, servers),
    })),
    talks: among([...tier.talks, ...everywhereTalks], servers),
  }
}

/** What is said of at least one of the servers, and of these only. */
function among<T extends { readonly servers: readonly string[] }>(
  said: readonly T[],
  servers: readonly string[],
): readonly T[] {
  return said
    .map((one) => ({ ...one, servers: one.servers.filter((server) => servers.includes(server)) }))
    .filter((one) => one.servers.length > 0)
}

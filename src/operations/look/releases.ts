import { releaseAt, releaseTiers } from '../../components/index.ts'
import { factsOf } from '../../resources/kinds.ts'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newestPlacedState } from '../../engine/newest-stack-state.ts'
import { isObservation, type Observation } from '../../observation/observation.ts'
import { revisionIn, secondsOf } from '../../release/name-release.ts'
import { hasTier, type Server, type TierName } from '../../stack/stack.ts'
import { neverServed } from '../../status/never-served.ts'
import { queryServers } from '../session/query-servers.ts'
import type { Session } from '../session/session.ts'

export interface KnownRelease {
  readonly release: string
  /** ISO time of its build. */
  readonly builtAt: string
  readonly revision: string
  readonly isCurrent: boolean
  /** Whether its deploy was cut off and not resumed: `rollback` without a name does not choose it. */
  readonly wasCutOff: boolean
  /** Names of servers that have it. */
  readonly servers: readonly string[]
  /** Whether this computer has its archives. */
  readonly isHere: boolean
}

export interface Releases {
  /** The newest first. */
  readonly releases: readonly KnownRelease[]
  /** The tiers that hold releases, of those that the stack has. */
  readonly tiers: readonly TierName[]
  /** Names of the servers that were asked: all of those tiers. */
  readonly asked: readonly string[]
  /** Those of them that did not answer. */
  readonly unreachable: readonly string[]
}

/** The releases that servers keep, and which of them runs; not a first one that never came up. */
export async function releases(
  session: Pick<Session, 'stack' | 'connect' | 'secrets' | 'stateFolder'>,
): Promise<Releases> {
  const asked = session.stack.servers.filter(({ tier }) => releaseTiers.includes(tier))
  const answers = await queryServers(asked, session, { patienceSeconds: 1 })
  const answered = asked.flatMap((server) => {
    const answer = answers.get(server.name)!
    return isObservation(answer) ? [{ server, observation: answer }] : []
  })
  const here = await readdir(join(session.stateFolder, 'releases')).catch(() => [])
  const current = newestPlacedState(answered.map(({ observation }) => observation))
  const isUnserved = current !== undefined && neverServed(session.stack, answers, current)
  const names = asked.map(({ name }) => name)
  return {
    releases: listReleases(answered, here).filter(({ isCurrent }) => !isCurrent || !isUnserved),
    tiers: releaseTiers.filter((tier) => hasTier(session.stack, tier)),
    asked: names,
    unreachable: names.filter((name) => answered.every(({ server }) => server.name !== name)),
  }
}

/** All releases that any server has, the newest first. */
export function listReleases(
  answered: readonly { readonly server: Server; readonly observation: Observation }[],
  here: readonly string[],
): readonly KnownRelease[] {
  const { release: current, unfinished = [] } = newestPlacedState(answered.map(({ observation }) => observation)) ?? {}
  const held = answered.flatMap(({ server, observation }) =>
    [...factsOf(observation, 'tree').keys()].flatMap((path) => {
      const release = releaseAt(path)
      return release === undefined ? [] : [{ release, server: server.name }]
    }),
  )
  const byRelease = Map.groupBy(held, ({ release }) => release)
  return [...byRelease]
    .toSorted(([a], [b]) => b.localeCompare(a))
    .map(([release, placed]) => ({
      release,
      builtAt: new Date(secondsOf(release) * 1000).toISOString(),
      revision: revisionIn(release),
      isCurrent: release === current,
      wasCutOff: unfinished.includes(release),
      servers: placed.map(({ server }) => server),
      isHere: here.includes(release),
    }))
}

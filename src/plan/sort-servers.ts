import { joinManifests } from '../resources/manifest.ts'
import { type Blueprint, manifestOf } from '../blueprint/blueprint.ts'
import type { Observation } from '../observation/observation.ts'
import type { Server } from '../stack/stack.ts'
import { changeServer, splitLast, splitPreparation, type Surroundings } from './change-server.ts'
import { isLeader } from './hand-over.ts'
import type { RemovedServer } from './removed-servers.ts'
import type { ServerPlan, ServerChange } from './plan.ts'

/** What is wanted of a server that answered, and what it said. */
interface Observed {
  readonly blueprint: Blueprint
  readonly observation: Observation
}

/** The changes of all servers, by the part that they have in a plan. */
interface Sorted {
  /** Steps that nobody notices, on any server. */
  readonly preparing: readonly ServerChange[]
  /** Servers of the stack, without those that are drained. */
  readonly members: readonly ServerPlan[]
  /** Servers that were drained and still lead. */
  readonly stepping: readonly ServerPlan[]
  /** Servers that are cleared, and those of them that step aside first. */
  readonly removed: readonly ServerPlan[]
  readonly draining: readonly RemovedServer[]
  /** What is to be cleaned up once everything else has changed. */
  readonly lasting: readonly ServerChange[]
  /** Every change but the lasting ones, whole: for a plan that does all at once. */
  readonly together: readonly ServerChange[]
  /** Every server that answered, also one that has nothing to change. */
  readonly present: readonly ServerPlan[]
}

/** Compares every server with what is wanted of it, and says what part its change has in the plan. */
export function sortCandidates(observed: readonly Observed[], surroundings: Surroundings): Sorted {
  const changes = observed.flatMap(({ blueprint, observation }) => {
    const change = changeServer(blueprint, withAside(blueprint, observation), surroundings)
    return change === undefined ? [] : [{ change, observation }]
  })
  const wanted = new Set(
    observed.filter(({ blueprint: { parts } }) => parts.length > 0).map(({ blueprint: { server } }) => server.name),
  )
  const isMember = ({ change }: ServerPlan): boolean => wanted.has(change.server.name)
  const ending = changes.map((serverPlan) => splitServerPlan(serverPlan, surroundings.staysUp))
  const split = ending.flatMap(({ rest: change, observation }) => {
    if (change === undefined) return []
    // A removed server has nothing to prepare: it keeps its stack marker until the end.
    const parts = wanted.has(change.server.name) ? splitPreparation(change, observation.manifest) : { rest: change }
    return [{ ...parts, observation }]
  })
  const rest = split.flatMap(({ rest: change, observation }) => (change === undefined ? [] : [{ change, observation }]))
  const changeOf = ({ blueprint: { server }, observation }: Observed, among: readonly ServerPlan[]): ServerChange =>
    among.find(({ change }) => change.server.name === server.name)?.change ?? unchanged(server, observation)
  const stepping = observed
    .filter(({ blueprint, observation }) => blueprint.isDrained === true && isLeader(observation))
    .map((one) => ({ change: changeOf(one, rest), observation: one.observation }))
  const steps = new Set(stepping.map(({ change }) => change.server.name))
  const removed = rest.filter((serverPlan) => !isMember(serverPlan))
  return {
    preparing: split.flatMap(({ prepare }) => (prepare === undefined ? [] : [prepare])),
    members: rest.filter((serverPlan) => isMember(serverPlan) && !steps.has(serverPlan.change.server.name)),
    stepping,
    removed,
    draining: removed.flatMap((serverPlan) => asideFirst(serverPlan, observed, surroundings)),
    lasting: ending.flatMap(({ last }) => last ?? []),
    together: ending.flatMap(({ rest: whole }) => whole ?? []),
    present: observed.map((one) => ({ change: changeOf(one, changes), observation: one.observation })),
  }
}

function asideFirst(
  serverPlan: ServerPlan,
  observed: readonly Observed[],
  surroundings: Surroundings,
): readonly RemovedServer[] {
  const { change, observation } = serverPlan
  const { server } = change
  const aside = observed.find(({ blueprint }) => blueprint.server.name === server.name)?.blueprint.aside
  if (aside === undefined) return []
  return [{ ...serverPlan, aside: changeServer(aside, observation, surroundings) ?? unchanged(server, observation) }]
}

/** What a server that leaves gets placed before it goes is taken away with the rest. */
function withAside({ aside }: Blueprint, observation: Observation): Observation {
  if (aside === undefined) return observation
  return { ...observation, manifest: joinManifests(observation.manifest, manifestOf(aside)) }
}

/** A server as it is, for what is done there beside what the file says. */
const unchanged = (server: Server, { manifest }: Observation): ServerChange => ({
  server,
  changes: [],
  isNew: false,
  disturbs: 'nothing',
  manifest,
  adopts: [],
})

interface Ending {
  readonly rest?: ServerChange
  readonly last?: ServerChange
  readonly observation: Observation
}

/** A server that leaves is cleared in one go. Of others, what is gone stays in the manifest until it is taken away. */
function splitServerPlan({ change, observation }: ServerPlan, staysUp: boolean): Ending {
  if (!staysUp || change.manifest.length === 0) return { rest: change, observation }
  const { rest, last } = splitLast(change)
  if (last === undefined || rest === undefined) return { rest, last, observation } as Ending
  return { rest: { ...rest, manifest: joinManifests(change.manifest, observation.manifest) }, last, observation }
}

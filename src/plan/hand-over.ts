import { type Component, having } from '../components/component.ts'
import { fileAt } from '../resources/manifest.ts'
import { type Answers, isObservation, type Observation } from '../observation/observation.ts'
import { handOverPath } from '../resources/state-folder.ts'
import { pause, resume } from '../resources/pause.ts'
import type { Step } from '../resources/resource.ts'
import { handOver, prepareHandOver } from '../resources/unit.ts'
import { peersOf, type Server, type Stack } from '../stack/stack.ts'
import { bothManifests, type PausersOf, pauseWave } from './pause.ts'
import type { ServerPlan, Wave } from './plan.ts'

/** The servers that could lead in the place of one. */
export type CandidatesFor = (server: Server) => readonly string[]

export interface HandOverContext {
  readonly components: readonly Component[]
  readonly candidatesFor: CandidatesFor
  readonly pausersOf: PausersOf
}

/** Others of the same tier that stay, answered, were set up before, and are neither down nor drained. */
export const findCandidates =
  (stack: Pick<Stack, 'servers'>, answers: Answers): CandidatesFor =>
  (server) =>
    peersOf(stack, server)
      .map(({ name }) => name)
      .filter((name) => {
        const answer = answers.get(name)
        if (answer === undefined || !isObservation(answer) || answer.manifest.length === 0) return false
        return [...answer.health.values()].every(({ state }) => state !== 'down' && state !== 'drained')
      })

/** True where others of its tier depend on it now: it holds the address, or is the database's primary. */
export function isLeader(observation: Observation): boolean {
  return [...observation.health.values()].some((health) => health.isLeader === true)
}

/**
 * The waves in which another server takes the lead from this one: none where there is nobody to hand over to, or no
 * component knows how. Callers that can pause what they ask of its tier do so meanwhile.
 */
export function handOverWaves(serverPlan: ServerPlan, reason: string, context: HandOverContext): readonly Wave[] {
  const candidates = context.candidatesFor(serverPlan.change.server)
  if (candidates.length === 0) return []
  return whilePaused(
    serverPlan,
    unitWaves('hand over', serverPlan, context, (unit) => handOver(unit, reason, candidates)),
    context,
  )
}

/** The same waves, while callers that can pause what they ask of its tier do so. */
export function whilePaused(serverPlan: ServerPlan, waves: readonly Wave[], context: HandOverContext): readonly Wave[] {
  const { tier } = serverPlan.change.server
  const pausers = context.pausersOf(tier)
  if (pausers.length === 0 || waves.length === 0) return waves
  return [
    ...unitWaves('before others wait for it', serverPlan, context, prepareHandOver),
    pauseWave('pause requests', pausers, pause(tier)),
    ...waves,
    { ...pauseWave('resume requests', pausers, resume(tier)), ends: waves.length + 1 },
  ]
}

/** One step for each unit of the server that knows how to hand over. */
function unitWaves(
  title: string,
  serverPlan: ServerPlan,
  context: HandOverContext,
  stepFor: (unit: string) => Step,
): readonly Wave[] {
  const { change, observation } = serverPlan
  const changes = unitsThatHandOver(observation, context).map(({ component, unit }) => ({
    component,
    steps: [stepFor(unit)],
  }))
  if (changes.length === 0) return []
  const manifest = bothManifests(serverPlan)
  const { server } = change
  return [
    { title: `${title}: ${server.name}`, changes: [{ ...change, changes, disturbs: 'reload', manifest, adopts: [] }] },
  ]
}

interface UnitThatHandsOver {
  readonly component: string
  readonly unit: string
}

/** Units that lead, and for which the program that hands over was placed. */
export const unitsThatHandOver = (
  { manifest }: Observation,
  { components }: Pick<HandOverContext, 'components'>,
): readonly UnitThatHandsOver[] =>
  having(components, 'leads').flatMap(({ role: { unit } }) => {
    const program = fileAt(manifest, handOverPath(unit))
    return program === undefined ? [] : [{ component: program.component, unit }]
  })

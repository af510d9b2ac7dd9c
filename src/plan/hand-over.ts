import { type Answer, isObservation, type Observation } from '../observation/observation.ts'
import { handOverPath } from '../resources/state-folder.ts'
import { handOver } from '../resources/unit.ts'
import { peersOf, type Server, type Stack } from '../stack/stack.ts'
import type { ComponentChange, ServerChange } from './plan.ts'

/** The servers that could lead in the place of one. */
export type HeirsOf = (server: Server) => readonly string[]

/** Others of the same tier that stay, answered, were set up before and are not down. */
export const findHeirs =
  (stack: Pick<Stack, 'servers'>, answers: ReadonlyMap<string, Answer>): HeirsOf =>
  (server) =>
    peersOf(stack, server)
      .map(({ name }) => name)
      .filter((name) => {
        const answer = answers.get(name)
        if (answer === undefined || !isObservation(answer) || answer.manifest.length === 0) return false
        return [...answer.health.values()].every(({ state }) => state !== 'down')
      })

/** True where others of its tier depend on it now: it holds the address, or is the database's primary. */
export function leads(observation: Observation): boolean {
  return [...observation.health.values()].some((health) => health.leads === true)
}

/** The same change; what it restarts hands over to another server first, where there is one and it knows how. */
export function handOverFirst(change: ServerChange, observation: Observation, heirs: readonly string[]): ServerChange {
  if (heirs.length === 0) return change
  const reason = 'another server leads before this one restarts'
  return {
    ...change,
    changes: change.changes.map(({ component, steps }) => ({
      component,
      steps: [...unitsThatHandOver(component, observation).map((unit) => handOver(unit, reason, heirs)), ...steps],
    })),
  }
}

/** Of a server that leaves, only that it hands over; none where it has nobody to hand over to, or knows not how. */
export function onlyHandOver(
  change: ServerChange,
  observation: Observation,
  heirs: readonly string[],
): readonly ServerChange[] {
  if (heirs.length === 0) return []
  const reason = 'it leads, and leaves: another server leads before the others do without it'
  const changes = [...new Set(observation.manifest.map((line) => line.split(' ')[0]!))].flatMap(
    (component): readonly ComponentChange[] => {
      const steps = unitsThatHandOver(component, observation).map((unit) => handOver(unit, reason, heirs))
      return steps.length === 0 ? [] : [{ component, steps }]
    },
  )
  if (changes.length === 0) return []
  return [{ ...change, changes, disturbs: 'reload', manifest: observation.manifest, adopts: [] }]
}

/** Units of a component for which it has placed the program that hands over. */
function unitsThatHandOver(component: string, { manifest }: Observation): readonly string[] {
  const start = `${component} file ${handOverPath('')}`
  return manifest.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length))
}

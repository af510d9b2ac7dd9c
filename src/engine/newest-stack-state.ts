import { having } from '../components/component.ts'
import { components } from '../components/index.ts'
import type { Observation } from '../observation/observation.ts'
import { releasePattern } from '../config/values/names.ts'
import { factsOf } from '../resources/kinds.ts'
import { firstStackState, newestStackState, type StackState } from '../stack/stack-state.ts'

/** The newest copy of the stack state; `undefined` where nothing was ever placed. */
export function newestPlacedState(observations: readonly Observation[]): StackState | undefined {
  const stackState = newestStackState(observations.map((one) => one.stackState))
  if (stackState !== undefined) return stackState
  const release = currentRelease(observations)
  return release === undefined ? undefined : firstStackState(release)
}

const currentPaths = having(components, 'holdsReleases').map(({ role }) => `${role.folder}/current`)

const isRelease = (name: string): boolean => releasePattern.test(name)

/** The release that most servers run, where the stack state was lost. */
function currentRelease(observations: readonly Observation[]): string | undefined {
  const running = observations.flatMap((observation) => {
    const links = factsOf(observation, 'symlink')
    return currentPaths.flatMap((path) => links.get(path)?.target.split('/').at(-1) ?? []).filter(isRelease)
  })
  const counted = [...Map.groupBy(running, (name) => name)].map(([name, all]) => ({ name, count: all.length }))
  return counted.toSorted((a, b) => b.count - a.count || b.name.localeCompare(a.name))[0]?.name
}

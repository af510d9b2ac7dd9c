import { roleOf } from '../components/index.ts'
import type { Observation } from '../observation/observation.ts'
import { factsOf } from '../resources/kinds.ts'
import type { SlotsFact } from '../resources/slots.ts'
import type { StackState } from '../stack/stack-state.ts'

type Resources = Observation['resources']
type Seen = Pick<Observation, 'resources'>

const runsApp = roleOf('runsApp')
const { folder } = roleOf('holdsReleases', ({ archive }) => archive === 'app')

/**
 * Whether a rollback was cut off: an app server still runs the release that was left beside the one that was ordered, or has
 * not changed at all, and a newer release than the ordered one is kept. A deploy that was cut off has ordered the newest one.
 */
export const wasRollbackCutOff = (
  observations: readonly Seen[],
  stackState: Pick<StackState, 'release' | 'kept'>,
): boolean =>
  !isNewest(stackState) && observations.some(({ resources }) => isBetweenReleases(resources, stackState.release))

/**
 * Whether the deploy of the release that was ordered was cut off before any app server had handed over to it. One that was
 * unreachable meanwhile does not count while another one is there, nor does one that is drained.
 */
export const wasDeployCutOff = (
  observations: readonly Seen[],
  stackState: Pick<StackState, 'release' | 'kept'>,
): boolean =>
  isNewest(stackState) &&
  observations.some(({ resources }) => slotsInUse(resources).length > 0) &&
  !servesAnywhere(observations, stackState)

/** Whether the release that was ordered serves alone on some app server; what is left of the one before only ends there. */
export const servesAnywhere = (observations: readonly Seen[], { release }: Pick<StackState, 'release'>): boolean =>
  observations.some(({ resources }) => {
    const [slot, another] = slotsInUse(resources)
    return slot !== undefined && another === undefined && leadsTo(resources, runsApp.slotFolder(slot), release) === true
  })

const isNewest = ({ release, kept }: Pick<StackState, 'release' | 'kept'>): boolean =>
  !kept.some((one) => one > release)

const slotsOf = (resources: Resources): SlotsFact => factsOf({ resources }, 'slots').get(runsApp.slots) ?? {}

/** Names of those that start with the server: two only in the moment in which one hands over to the other. */
const slotsInUse = (resources: Resources): readonly string[] =>
  Object.entries(slotsOf(resources)).flatMap(([name, { isEnabled }]) => (isEnabled ? [name] : []))

/** `undefined` where there is no such link. */
const leadsTo = (resources: Resources, path: string, release: string): boolean | undefined => {
  const link = factsOf({ resources }, 'symlink').get(path)
  return link && link.target === `releases/${release}`
}

function isBetweenReleases(resources: Resources, release: string): boolean {
  const serving = Object.values(slotsOf(resources)).filter(({ isActive, isRetiring }) => isActive && !isRetiring)
  return serving.length > 1 || leadsTo(resources, `${folder}/current`, release) === false
}

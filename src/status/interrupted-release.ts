import { roleOf } from '../components/index.ts'
import type { Observation } from '../observation/observation.ts'
import { factsOf } from '../resources/kinds.ts'
import type { SlotsFact } from '../resources/slots.ts'
import { servingTier, type Stack } from '../stack/stack.ts'
import type { StackState } from '../stack/stack-state.ts'

type Resources = Observation['resources']
type Seen = Pick<Observation, 'resources'>

const runsApp = roleOf('runsApp')
const ofApp = roleOf('holdsReleases', ({ archive }) => archive === 'app')
const ofSite = roleOf('holdsReleases', ({ archive }) => archive === 'static')

/**
 * Whether a rollback was cut off. Then a release newer than the ordered one is kept, and an app server still runs the old
 * release, alone or beside the ordered one. A deploy that was cut off has ordered the newest release.
 */
export const wasRollbackInterrupted = (
  stack: Pick<Stack, 'servers'>,
  observations: readonly Seen[],
  stackState: Pick<StackState, 'release' | 'kept'>,
): boolean =>
  !isNewest(stackState) &&
  (servingTier(stack) === 'web'
    ? siteLeadsTo(observations, stackState.release).includes(false)
    : observations.some(({ resources }) => isBetweenReleases(resources, stackState.release)))

/**
 * Whether the deploy of the ordered release was cut off before any app server had switched to it. A server that was
 * unreachable does not count while another one is there. A drained server does not count either.
 */
export const wasDeployInterrupted = (
  stack: Pick<Stack, 'servers'>,
  observations: readonly Seen[],
  stackState: Pick<StackState, 'release' | 'kept'>,
): boolean =>
  isNewest(stackState) &&
  (servingTier(stack) === 'web'
    ? isNowhere(siteLeadsTo(observations, stackState.release))
    : observations.some(({ resources }) => slotsInUse(resources).length > 0) &&
      !servesAnywhere(observations, stackState))

const isNowhere = (leads: readonly boolean[]): boolean => leads.length > 0 && !leads.includes(true)

/** Of each server that serves files of a release: whether they are those of this one. */
const siteLeadsTo = (observations: readonly Seen[], release: string): readonly boolean[] =>
  observations.flatMap(({ resources }) => leadsTo(resources, `${ofSite.folder}/current`, release) ?? [])

/** Whether the ordered release serves alone on some app server. The release before may still be ending there. */
export const servesAnywhere = (observations: readonly Seen[], { release }: Pick<StackState, 'release'>): boolean =>
  observations.some(({ resources }) => {
    const [slot, another] = slotsInUse(resources)
    return slot !== undefined && another === undefined && leadsTo(resources, runsApp.slotFolder(slot), release) === true
  })

const isNewest = ({ release, kept }: Pick<StackState, 'release' | 'kept'>): boolean =>
  !kept.some((one) => one > release)

const slotsOf = (resources: Resources): SlotsFact => factsOf({ resources }, 'slots').get(runsApp.slots) ?? {}

/** Names of the slots that start with the server: two only while one hands over to the other. */
const slotsInUse = (resources: Resources): readonly string[] =>
  Object.entries(slotsOf(resources)).flatMap(([name, { isEnabled }]) => (isEnabled ? [name] : []))

/** `undefined` where there is no such link. */
const leadsTo = (resources: Resources, path: string, release: string): boolean | undefined => {
  const link = factsOf({ resources }, 'symlink').get(path)
  return link && link.target === `releases/${release}`
}

function isBetweenReleases(resources: Resources, release: string): boolean {
  const serving = Object.values(slotsOf(resources)).filter(({ isActive, isRetiring }) => isActive && !isRetiring)
  return serving.length > 1 || leadsTo(resources, `${ofApp.folder}/current`, release) === false
}

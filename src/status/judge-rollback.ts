import type { Observation } from '../observation/observation.ts'
import type { SlotsFact } from '../resources/slots.ts'
import type { Orders } from '../stack/orders.ts'

/**
 * Whether a rollback was cut off: an app server still runs the release that was left beside the one that was ordered, or has
 * not changed at all, and a newer release than the ordered one is kept. A deploy that was cut off has ordered the newest one.
 */
export function wasRollbackCutOff(
  observations: readonly Pick<Observation, 'resources'>[],
  { release, kept }: Pick<Orders, 'release' | 'kept'>,
): boolean {
  return kept.some((one) => one > release) && observations.some((one) => isBetweenReleases(one, release))
}

/**
 * Whether the deploy of the release that was ordered was cut off before any app server was through with it. One that was
 * away meanwhile does not count while another one is.
 */
export function wasDeployCutOff(
  observations: readonly Pick<Observation, 'resources'>[],
  { release }: Pick<Orders, 'release'>,
): boolean {
  return observations.some(isAppServer) && !servesAnywhere(observations, { release })
}

/** Whether an app server is through with the change to the release that was ordered. */
export const servesAnywhere = (
  observations: readonly Pick<Observation, 'resources'>[],
  { release }: Pick<Orders, 'release'>,
): boolean => observations.some((one) => isAppServer(one) && !isBetweenReleases(one, release))

const isAppServer = ({ resources }: Pick<Observation, 'resources'>): boolean => slotsOf(resources) !== undefined

const slotsOf = (resources: Observation['resources']): SlotsFact | undefined =>
  resources.get('slots')?.get('app') as SlotsFact | undefined

function isBetweenReleases({ resources }: Pick<Observation, 'resources'>, release: string): boolean {
  const slots = slotsOf(resources)
  const current = resources.get('symlink')?.get('/srv/app/current') as { readonly target: string } | undefined
  const serving = Object.values(slots ?? {}).filter(({ isActive, isRetiring }) => isActive && !isRetiring)
  return serving.length > 1 || (current !== undefined && current.target !== `releases/${release}`)
}

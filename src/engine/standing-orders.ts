import type { Observation } from '../observation/observation.ts'
import { releasePattern } from '../config/values/names.ts'
import { firstOrders, newestOrders, type Orders } from '../stack/orders.ts'

/** What operators told the stack, by the newest copy; `undefined` where nothing was ever placed. */
export function standingOrders(observations: readonly Observation[]): Orders | undefined {
  const orders = newestOrders(observations.map((one) => one.orders))
  if (orders !== undefined) return orders
  const release = currentRelease(observations)
  return release === undefined ? undefined : firstOrders(release)
}

const currentPaths = ['/srv/app/current', '/srv/web/current']

const isRelease = (name: string): boolean => releasePattern.test(name)

/** The release that most servers run, where the orders were lost. */
function currentRelease(observations: readonly Observation[]): string | undefined {
  const running = observations.flatMap(({ resources }) => {
    const links = resources.get('symlink') as ReadonlyMap<string, { readonly target: string }> | undefined
    return currentPaths.flatMap((path) => links?.get(path)?.target.split('/').at(-1) ?? []).filter(isRelease)
  })
  const counted = [...Map.groupBy(running, (name) => name)].map(([name, all]) => ({ name, count: all.length }))
  return counted.toSorted((a, b) => b.count - a.count || b.name.localeCompare(a.name))[0]?.name
}

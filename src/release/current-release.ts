import type { Observation } from '../observation/observation.ts'

const currentPaths = ['/srv/app/current', '/srv/web/current']

/** The release that most servers run now; `undefined` where the app was never placed. */
export function currentRelease(observations: readonly Observation[]): string | undefined {
  const running = observations.flatMap(({ resources }) => {
    const links = resources.get('symlink') as ReadonlyMap<string, { readonly target: string }> | undefined
    return currentPaths.flatMap((path) => links?.get(path)?.target.split('/').at(-1) ?? [])
  })
  const counted = [...Map.groupBy(running, (name) => name)].map(([name, all]) => ({ name, count: all.length }))
  return counted.toSorted((a, b) => b.count - a.count || b.name.localeCompare(a.name))[0]?.name
}

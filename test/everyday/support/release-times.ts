/** What the build of the app says at its end, so that its time can be told from the rest. */
export const endOfBuild = 'built'

/** How long a release took, in seconds. */
export interface ReleaseTimes {
  /** From the command to its end. */
  readonly whole: number
  /** None where nothing was built: in a rollback. */
  readonly build: number
  /** From the first wave to the end of the last one. */
  readonly servers: number
}

interface Told {
  readonly type: string
  readonly at?: string
  readonly name?: string
  readonly detail?: string
}

/** Reads the events that `deploy --json` or `rollback --json` has printed. */
export function readTimes(printed: string, milliseconds: number): ReleaseTimes {
  const told = printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Told)
  const building = told.filter(({ type, name }) => type === 'stage' && name?.startsWith('building release'))
  return {
    whole: milliseconds / 1000,
    build: secondsBetween(
      building[0],
      building.find(({ detail }) => detail === endOfBuild),
    ),
    servers: secondsBetween(
      told.find(({ type }) => type === 'apply-started'),
      told.findLast(({ type }) => type === 'apply-done'),
    ),
  }
}

const secondsBetween = (from: Told | undefined, to: Told | undefined): number =>
  from?.at === undefined || to?.at === undefined ? 0 : (Date.parse(to.at) - Date.parse(from.at)) / 1000

/** One time as it is; of several the median, and the slowest. */
export function formatTimes(all: readonly ReleaseTimes[]): string {
  const print = (secondsOf: (one: ReleaseTimes) => number): string => {
    const sorted = all.map(secondsOf).toSorted((a, b) => a - b)
    const median = `${sorted[Math.floor((sorted.length - 1) / 2)]!.toFixed(1)} s`
    return sorted.length === 1 ? median : `${median} (slowest ${sorted.at(-1)!.toFixed(1)} s)`
  }
  const parts = [
    `whole ${print(({ whole }) => whole)}`,
    ...(all.some(({ build }) => build > 0) ? [`without the build ${print(({ whole, build }) => whole - build)}`] : []),
    `on the servers ${print(({ servers }) => servers)}`,
  ]
  return parts.join(', ')
}

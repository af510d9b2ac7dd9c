import { outputOf } from './run-program.ts'

/**
 * Names a release by the time in UTC and, where `folder` is in a git work tree, the short revision: such as
 * `20261122-213700-abc1234`, or `20261122-213700-abc1234-dirty` when something there is not committed. Names sort by age.
 */
export async function nameRelease({
  folder,
  at = new Date(),
}: {
  readonly folder: string
  readonly at?: Date
}): Promise<string> {
  const [date, time] = at
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .split('T')
  const revision = await revisionOf(folder)
  return [date, time, ...(revision === undefined ? [] : [revision])].join('-')
}

/** The moment that a release's name tells, in seconds since 1970; for other names, now. */
export function secondsOf(release: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(release)?.map(Number) ?? []
  if (second === undefined) return Math.floor(Date.now() / 1000)
  return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000
}

async function revisionOf(folder: string): Promise<string | undefined> {
  try {
    const revision = (await outputOf('git', ['rev-parse', '--short=7', 'HEAD'], folder)).trim()
    const changes = await outputOf('git', ['status', '--porcelain', '--', '.'], folder)
    return changes === '' ? revision : `${revision}-dirty`
  } catch {
    return undefined
  }
}

import { failure } from '../errors/failure.ts'
import { outputOf } from './run-program.ts'

/**
 * Names a release by the time in UTC and, where `folder` is in a git work tree, the short revision: such as
 * `20261122-213700-abc1234`, or `20261122-213700-abc1234-dirty` when something there is not committed. Names sort by age.
 */
export async function nameRelease({
  folder,
  at = new Date(),
  revision: given,
}: {
  readonly folder: string
  readonly at?: Date
  /** A revision of git that is released instead of what stands in the folder. */
  readonly revision?: string
}): Promise<string> {
  const [date, time] = at
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .split('T')
  const revision = given === undefined ? await revisionOf(folder) : await shortNameOf(given, folder)
  return [date, time, ...(revision === undefined ? [] : [revision])].join('-')
}

/** The moment that a release's name tells, in seconds since 1970; for other names, now. */
export function secondsOf(release: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(release)?.map(Number) ?? []
  if (second === undefined) return Math.floor(Date.now() / 1000)
  return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000
}

/** The part of a release's name behind date and time: a revision of git, where there was one. */
export const revisionIn = (release: string): string => release.split('-').slice(2).join('-')

/** @throws TRI-RELEASE-006 */
export async function shortNameOf(revision: string, folder: string): Promise<string> {
  try {
    return (await outputOf('git', ['rev-parse', '--short=7', '--verify', `${revision}^{commit}`], folder)).trim()
  } catch (error) {
    throw failure(
      'TRI-RELEASE-006',
      {
        what: `git knows no revision ${revision} here`,
        next: '`git log --oneline` lists revisions; a tag or a branch will do',
      },
      { cause: error },
    )
  }
}

/** Where a release comes from, in words: a revision, or the working tree and how it differs from one. */
export async function describeSource(folder: string, revision?: string): Promise<string> {
  if (revision !== undefined) return `revision ${await shortNameOf(revision, folder)}`
  try {
    const short = (await outputOf('git', ['rev-parse', '--short=7', 'HEAD'], folder)).trim()
    const changes = (await outputOf('git', ['status', '--porcelain', '--', '.'], folder)).split('\n').length - 1
    const files = changes === 1 ? '1 file that is' : `${changes} files that are`
    return changes === 0
      ? `the working tree, which is revision ${short}`
      : `the working tree: revision ${short} and ${files} not committed`
  } catch {
    return 'the folder as it is (no git)'
  }
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

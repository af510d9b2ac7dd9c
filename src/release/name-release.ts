import { failure } from '../errors/failure.ts'
import { askGit, git, gitOrNothing, isInGit } from './git.ts'

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
  /** A git revision to release instead of the folder's files. */
  readonly revision?: string
}): Promise<string> {
  const [date, time] = at
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .split('T')
  const revision = given === undefined ? await revisionOf(folder) : await shortNameOf(given, folder)
  return [date, time, ...(revision === undefined ? [] : [revision])].join('-')
}

/** The time in a release's name, in seconds since 1970; for other names, now. */
export function secondsOf(release: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(release)?.map(Number) ?? []
  if (second === undefined) return Math.floor(Date.now() / 1000)
  return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000
}

/** The part of a release's name after date and time: a git revision, where there was one. */
export const revisionIn = (release: string): string => release.split('-').slice(2).join('-')

/** @throws TRI-RELEASE-006; -007 where git refuses */
export async function shortNameOf(revision: string, folder: string): Promise<string> {
  const where = { cwd: folder }
  // First, whether git works here at all: otherwise the message would blame the revision.
  if (await isInGit(folder)) await git(['rev-parse', '--git-dir'], where)
  const said = await askGit(['rev-parse', '--short=7', '--verify', '--end-of-options', `${revision}^{commit}`], where)
  if (said.code === 0) return nameIn(said.stdout)
  throw failure('TRI-RELEASE-006', {
    what: `git knows no revision ${revision} here`,
    next: '`git log --oneline` lists revisions; a tag or a branch will do',
  })
}

/** Where a release comes from, in words: a revision, or the working tree and how it differs from one. */
export async function describeSource(folder: string, revision?: string): Promise<string> {
  if (revision !== undefined) return `revision ${await shortNameOf(revision, folder)}`
  const head = await headOf(folder)
  if (head === 'no git') return 'the folder as it is (no git)'
  const files = head.changes === 1 ? '1 file' : `${head.changes} files`
  if (head.short === undefined) return `the working tree: ${files}, nothing committed yet`
  return head.changes === 0
    ? `the working tree, which is revision ${head.short}`
    : `the working tree: revision ${head.short} and ${files} that ${head.changes === 1 ? 'is' : 'are'} not committed`
}

async function revisionOf(folder: string): Promise<string | undefined> {
  const head = await headOf(folder)
  if (head === 'no git' || head.short === undefined) return undefined
  return head.changes === 0 ? head.short : `${head.short}-dirty`
}

interface Head {
  /** Absent before the first commit. */
  readonly short: string | undefined
  /** How many files differ from the commit. */
  readonly changes: number
}

/** The commit that is checked out in the folder's work tree. @throws TRI-RELEASE-007 */
async function headOf(folder: string): Promise<Head | 'no git'> {
  if (!(await isInGit(folder))) return 'no git'
  const [short, changes] = await Promise.all([
    gitOrNothing(['rev-parse', '--short=7', '--verify', '--quiet', 'HEAD'], { cwd: folder }),
    git(['status', '--porcelain', '-z', '--no-renames', '--', '.'], { cwd: folder }),
  ])
  return { short: short === undefined ? undefined : nameIn(short), changes: changes.split('\0').length - 1 }
}

const nameIn = (output: string): string => output.trim()

import { type Stats } from 'node:fs'
import { constants, copyFile, lstat, mkdir, readlink, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failure } from '../errors/failure.ts'
import { type BytePath, pathIn, readable, toBytePath } from './byte-path.ts'
import type { LeftOut } from './left-out.ts'
import { listFolder, listSource, neverCopied } from './list-source.ts'
import { isForBuilds, isIncluded, isPrivate } from './private-files.ts'

export interface Copied {
  readonly files: number
  /** The files that were not copied, and why. */
  readonly leftOut: readonly LeftOut[]
  /** True where git ignores the whole source. Then all its files were taken. */
  readonly isIgnored: boolean
}

export interface CopyOptions {
  /** Paths that are always copied, even where they look like secrets or git ignores them. */
  readonly include?: readonly string[]
}

/**
 * Makes a clean copy of the source folder. In a git work tree it copies what git tracks or would track, elsewhere everything but
 * `node_modules`. It never copies `.git`, `.trimaran`, or untracked files that hold secrets.
 * @throws TRI-RELEASE-007 where git refuses; TRI-RELEASE-005 where a file cannot be copied
 */
export async function copySource(source: string, destination: string, options: CopyOptions = {}): Promise<Copied> {
  const include = (options.include ?? []).map(toBytePath)
  const { tracked, own, folders, leftOut, isIgnored = false } = await listSource(source)
  const checked = await Promise.all(
    own.filter(isCopied).map(async (path) => ({ path, stays: await stays(source, path, include) })),
  )
  const isTracked = new Set(tracked)
  const included = await Promise.all(include.map((path) => listIncluded(source, path)))
  const shipped = checked.flatMap(({ path, stays: left }) => (left ? [] : [path]))
  const paths = [...new Set([...tracked, ...shipped, ...included.flat()])].filter(isCopied)
  const found = (await Promise.all(paths.map((path) => look(source, path, isTracked.has(path))))).flat()
  const [special, here] = [
    found.filter(({ stats }) => isSpecial(stats)),
    found.filter(({ stats }) => !isSpecial(stats)),
  ]
  await mkdir(destination, { recursive: true })
  for (const folder of new Set([...folders.filter(isCopied), ...here.map(({ path }) => dirname(path))]))
    await mkdir(pathIn(destination, folder), { recursive: true })
  await Promise.all(here.map((one) => orStop(one.path, () => copyOne(source, destination, one))))
  const withheld = checked.filter(({ stays: left }) => left)
  return {
    files: here.length,
    leftOut: [
      ...leftOut,
      ...withheld.map(({ path }): LeftOut => ({ path, why: 'secret' })),
      ...special.map(({ path }): LeftOut => ({ path, why: 'special' })),
    ],
    isIgnored,
  }
}

const isCopied = (path: BytePath): boolean => !path.split('/').some((name) => neverCopied.has(name))

const stays = async (source: string, path: BytePath, include: readonly BytePath[]): Promise<boolean> =>
  !isForBuilds(path) && !isIncluded(path, include) && (await isPrivate(source, path))

/** Copies a path of `app.include`: a file, or a folder with its content. The build may make it, so it may be missing here. */
async function listIncluded(source: string, path: BytePath): Promise<readonly BytePath[]> {
  const found = await lstat(pathIn(source, path)).catch(() => undefined)
  if (found === undefined) return []
  return found.isDirectory() ? (await listFolder(source, path)).own : [path]
}

interface Found {
  readonly path: BytePath
  readonly stats: Stats
}

const isSpecial = (stats: Stats): boolean => !stats.isFile() && !stats.isSymbolicLink()

/** Git still lists a file that was deleted but not committed: it is passed over. */
const look = (source: string, path: BytePath, isTracked: boolean): Promise<readonly Found[]> =>
  orStop(path, async () => {
    const stats = await lstat(pathIn(source, path)).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) throw error
    })
    // A folder stands where git tracks a file. Git lists the folder's files separately.
    if (stats === undefined || stats.isDirectory()) return []
    if (isTracked && isSpecial(stats)) throw new Error('it is a pipe, a socket or a device')
    return [{ path, stats }]
  })

async function copyOne(source: string, destination: string, { path, stats }: Found): Promise<void> {
  const from = pathIn(source, path)
  const to = pathIn(destination, path)
  if (stats.isSymbolicLink()) await symlink(await readlink(from, { encoding: 'buffer' }), to)
  // On a Mac, names that differ only in case are one file: the second must not replace the first.
  else await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
}

/** A file that cannot be copied ends the build: the release would lack it. */
async function orStop<T>(path: BytePath, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw failure(
      'TRI-RELEASE-005',
      {
        what: `${readable(path)} could not be copied`,
        why: error instanceof Error ? error.message : String(error),
        state: 'nothing was shipped: the release would lack it',
        next: 'see that this computer can read it; `git rm --cached` where it does not belong to the release',
      },
      { cause: error },
    )
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

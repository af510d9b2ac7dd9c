import { constants, copyFile, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isForBuilds, isIncluded, isPrivate } from './private-files.ts'
import { outputOf } from './run-program.ts'

export interface Copied {
  readonly files: number
  /** Files that hold secrets of this computer and stayed here. */
  readonly withheld: readonly string[]
}

export interface CopyOptions {
  /** Paths that are copied whatever they look like, and whether or not git ignores them. */
  readonly include?: readonly string[]
  /** True for what was taken out of git: nothing of it is this computer's own. */
  readonly isTracked?: boolean
}

interface Listed {
  /** What a fresh clone has. The build needs it, whatever it is; packing leaves out what must not be shipped. */
  readonly tracked: readonly string[]
  /** What only this computer has. */
  readonly own: readonly string[]
}

/**
 * Copies the source folder, clean: in a git work tree what git tracks or would track, elsewhere everything but
 * `node_modules`. Never `.git` or `.trimaran`, nor files that hold secrets and that git does not track.
 */
export async function copySource(source: string, destination: string, options: CopyOptions = {}): Promise<Copied> {
  const { include = [], isTracked = false } = options
  const listed = await list(source, isTracked)
  const checked = await Promise.all(
    listed.own.filter(isCopied).map(async (path) => ({ path, stays: await stays(source, path, include) })),
  )
  const included = await Promise.all(include.map((path) => listIncluded(source, path)))
  const paths = [
    ...new Set([
      ...listed.tracked,
      ...checked.flatMap(({ path, stays: left }) => (left ? [] : [path])),
      ...included.flat(),
    ]),
  ].filter(isCopied)
  const copied = await Promise.all(
    [...Map.groupBy(paths, dirname)].map(([folder, files]) => copyFiles(source, destination, folder, files)),
  )
  const withheld = checked.flatMap(({ path, stays: left }) => (left ? [path] : []))
  return sum([{ files: 0, withheld }, ...copied])
}

const neverCopied = new Set(['.git', '.trimaran'])
const isCopied = (path: string): boolean => !path.split('/').some((name) => neverCopied.has(name))

const stays = async (source: string, path: string, include: readonly string[]): Promise<boolean> =>
  !isForBuilds(path) && !isIncluded(path, include) && (await isPrivate(source, path))

const sum = (all: readonly Copied[]): Copied => ({
  files: all.reduce((total, { files }) => total + files, 0),
  withheld: all.flatMap(({ withheld }) => withheld),
})

async function list(source: string, isTracked: boolean): Promise<Listed> {
  const ofGit = isTracked ? undefined : await listWithGit(source)
  if (ofGit !== undefined) return ofGit
  const all = await listFolder(source)
  return isTracked ? { tracked: all, own: [] } : { tracked: [], own: all }
}

/** What git tracks, and new files that it would not ignore; `undefined` where there is no git work tree. */
async function listWithGit(source: string): Promise<Listed | undefined> {
  try {
    const [tracked, own] = await Promise.all([gitFiles(source, '--cached'), gitFiles(source, '--others')])
    return tracked.length + own.length === 0 ? undefined : { tracked, own }
  } catch {
    return undefined
  }
}

async function gitFiles(source: string, which: '--cached' | '--others'): Promise<readonly string[]> {
  const listed = await outputOf('git', ['ls-files', '-z', which, '--exclude-standard'], source)
  return [...new Set(listed.split('\0').filter((path) => path !== ''))]
}

async function listFolder(source: string, folder = ''): Promise<readonly string[]> {
  const entries = await readdir(join(source, folder), { withFileTypes: true })
  const nested = entries
    .filter(({ name }) => name !== 'node_modules' && !neverCopied.has(name))
    .map(async (entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? await listFolder(source, path) : [path]
    })
  return (await Promise.all(nested)).flat()
}

/** A path that is meant to be shipped: the file, or all that is in the folder. Whether it is there is checked after the build. */
async function listIncluded(source: string, path: string): Promise<readonly string[]> {
  const found = await lstat(join(source, path)).catch(() => undefined)
  if (found === undefined) return []
  return found.isDirectory() ? await listFolder(source, path) : [path]
}

async function copyFiles(
  source: string,
  destination: string,
  folder: string,
  files: readonly string[],
): Promise<Copied> {
  await mkdir(join(destination, folder), { recursive: true })
  return sum(await Promise.all(files.map((path) => copyOne(source, destination, path))))
}

async function copyOne(source: string, destination: string, path: string): Promise<Copied> {
  const one = { files: 1, withheld: [] }
  const from = join(source, path)
  const to = join(destination, path)
  // Deleted but not yet committed: git still lists it.
  const stats = await lstat(from).catch(() => undefined)
  if (stats?.isSymbolicLink() === true) await symlink(await readlink(from), to)
  else if (stats?.isFile() === true) await copyFile(from, to, constants.COPYFILE_FICLONE)
  else if (stats?.isDirectory() === true) {
    // A submodule.
    const { files, withheld } = await copySource(from, to)
    return { files, withheld: withheld.map((inner) => join(path, inner)) }
  } else return { files: 0, withheld: [] }
  return one
}

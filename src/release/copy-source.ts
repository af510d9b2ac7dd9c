import { constants, copyFile, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { outputOf } from './run-program.ts'

export interface Copied {
  readonly files: number
  /** Files that hold secrets of this computer and stayed here. */
  readonly leftOut: readonly string[]
}

/**
 * Copies the source folder, clean: in a git work tree what git tracks or would track, elsewhere everything but
 * `node_modules`. Never `.git`, `.trimaran` or `.env` files.
 */
export async function copySource(source: string, destination: string): Promise<Copied> {
  const listed = (await listWithGit(source)) ?? (await listFolder(source))
  const paths = listed.filter((path) => !path.split('/').some((name) => neverCopied.has(name)))
  const leftOut = paths.filter(isSecret)
  const copied = await Promise.all(
    [...foldersFirst(paths.filter((path) => !isSecret(path)))].map(([folder, files]) =>
      copyFiles(source, destination, folder, files),
    ),
  )
  return { files: copied.reduce((sum, one) => sum + one, 0), leftOut }
}

const neverCopied = new Set(['.git', '.trimaran'])

/** `.env`, `.env.local` and the like, but not `.env.example`, which is made for sharing; and private keys. */
function isSecret(path: string): boolean {
  const name = basename(path)
  if (/^id_(rsa|ecdsa|ed25519)$|\.(pem|key)$/.test(name)) return true
  return /^\.env(\..+)?$/.test(name) && !/\.(example|sample|template)$/.test(name)
}

/** What git tracks, and new files that it would not ignore; `undefined` where there is no git work tree. */
async function listWithGit(source: string): Promise<readonly string[] | undefined> {
  try {
    const listed = await outputOf('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], source)
    const paths = [...new Set(listed.split('\0').filter((path) => path !== ''))]
    return paths.length === 0 ? undefined : paths
  } catch {
    return undefined
  }
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

const foldersFirst = (paths: readonly string[]): ReadonlyMap<string, readonly string[]> => Map.groupBy(paths, dirname)

async function copyFiles(
  source: string,
  destination: string,
  folder: string,
  files: readonly string[],
): Promise<number> {
  await mkdir(join(destination, folder), { recursive: true })
  const copied = await Promise.all(files.map((path) => copyOne(source, destination, path)))
  return copied.reduce((sum, one) => sum + one, 0)
}

async function copyOne(source: string, destination: string, path: string): Promise<number> {
  const from = join(source, path)
  const to = join(destination, path)
  // Deleted but not yet committed: git still lists it.
  const stats = await lstat(from).catch(() => undefined)
  if (stats === undefined) return 0
  if (stats.isSymbolicLink()) await symlink(await readlink(from), to)
  else if (stats.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE)
  else if (stats.isDirectory()) return (await copySource(from, to)).files // a submodule
  else return 0
  return 1
}

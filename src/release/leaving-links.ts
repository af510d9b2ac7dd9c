import { readdir, readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { failure } from '../errors/failure.ts'

/** Throws TRI-RELEASE-005 when a symbolic link leads out of the tree: on a server it would lead somewhere else. */
export async function refuseLeavingLinks(tree: string): Promise<void> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name))
  const told = await Promise.all(links.map(async (path) => ({ path, target: await readlink(path) })))
  const leaving = told.filter(({ path, target }) => isAbsolute(target) || leaves(tree, resolve(dirname(path), target)))
  if (leaving.length === 0) return
  const shown = leaving.slice(0, 5).map(({ path, target }) => `${relative(tree, path)} -> ${target}`)
  throw failure('TRI-RELEASE-005', {
    what:
      leaving.length === 1
        ? 'A link in the release leads out of it'
        : `${leaving.length} links in the release lead out of it`,
    why: shown.join('\n'),
    next: 'replace them by the files that they point to',
  })
}

const leaves = (tree: string, path: string): boolean => path !== tree && !path.startsWith(tree + sep)

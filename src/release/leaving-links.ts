import { readdir, readlink, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { failure } from '../errors/failure.ts'

/**
 * Throws TRI-RELEASE-005 when a symbolic link leads out of the tree, if only on its way: on a server it would lead somewhere
 * else. Links are followed as the kernel follows them, one name after the other: `..` behind a link to a folder is what lies above
 * that folder.
 */
export async function refuseLeavingLinks(tree: string): Promise<void> {
  const top = await realpath(tree)
  const entries = await readdir(top, { recursive: true, withFileTypes: true })
  const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name))
  const told = await Promise.all(links.map(async (path) => ({ path, target: await readlink(path) })))
  const checked = await Promise.all(told.map(async (link) => ({ ...link, isLeaving: await leaves(top, link) })))
  const leaving = checked.filter(({ isLeaving }) => isLeaving)
  if (leaving.length === 0) return
  const shown = leaving.slice(0, 5).map(({ path, target }) => `${relative(top, path)} -> ${target}`)
  throw failure('TRI-RELEASE-005', {
    what:
      leaving.length === 1
        ? 'A link in the release leads out of it'
        : `${leaving.length} links in the release lead out of it`,
    why: shown.join('\n'),
    next: 'replace them by the files that they point to',
  })
}

async function leaves(top: string, link: { readonly path: string; readonly target: string }): Promise<boolean> {
  if (isAbsolute(link.target)) return true
  let place = dirname(link.path)
  for (const name of link.target.split('/').filter((one) => one !== '' && one !== '.')) {
    place = name === '..' ? dirname(place) : await follow(join(place, name))
    if (place !== top && !place.startsWith(top + sep)) return true
  }
  return false
}

/** Where a path really is; itself where nothing is there. */
const follow = (path: string): Promise<string> => realpath(path).catch(() => path)

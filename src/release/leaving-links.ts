import { Buffer } from 'node:buffer'
import { readlink, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, sep } from 'node:path'
import { failure } from '../errors/failure.ts'
import { type BytePath, inBytes, pathIn, readable, toBytePath } from './byte-path.ts'
import { listTree } from './list-tree.ts'

/**
 * Throws TRI-RELEASE-005 when a symbolic link leads out of the tree, even if its path leads back in: on a server it would lead
 * somewhere else. Links are followed as the kernel does, name by name: `..` after a link to a folder is the parent of that folder.
 */
export async function refuseLeavingLinks(tree: string): Promise<void> {
  const top = await realpath(tree)
  const links = (await listTree(top)).filter(({ is }) => is === 'link').map(({ path }) => path)
  const told = await Promise.all(
    links.toSorted(inBytes).map(async (path) => ({ path, target: await readlink(pathIn(top, path), 'latin1') })),
  )
  const checked = await Promise.all(told.map(async (link) => ({ ...link, isLeaving: await leaves(top, link) })))
  const leaving = checked.filter(({ isLeaving }) => isLeaving)
  if (leaving.length === 0) return
  const shown = leaving.slice(0, 5).map(({ path, target }) => `${readable(path)} -> ${readable(target)}`)
  throw failure('TRI-RELEASE-005', {
    what:
      leaving.length === 1
        ? 'A link in the release leads out of it'
        : `${leaving.length} links in the release lead out of it`,
    why: shown.join('\n'),
    next: 'replace them by the files that they point to',
  })
}

async function leaves(tree: string, link: { readonly path: BytePath; readonly target: BytePath }): Promise<boolean> {
  if (isAbsolute(link.target)) return true
  const top = toBytePath(tree)
  let place = dirname(join(top, link.path))
  for (const name of link.target.split('/').filter((one) => one !== '' && one !== '.')) {
    place = name === '..' ? dirname(place) : await follow(join(place, name))
    if (place !== top && !place.startsWith(top + sep)) return true
  }
  return false
}

/** The real path; the path itself where nothing is there. */
const follow = (path: BytePath): Promise<BytePath> =>
  realpath(Buffer.from(path, 'latin1'), { encoding: 'buffer' }).then(
    (real) => real.toString('latin1'),
    () => path,
  )

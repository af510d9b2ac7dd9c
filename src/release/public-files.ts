import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { failure } from '../errors/failure.ts'
import { type BytePath, inBytes, pathIn, readable, toBytePath } from './byte-path.ts'

/**
 * Looks for the folder of static files. It must be a folder inside the release, not the release itself, and no part of its path
 * may be a link. `undefined` where nothing is there.
 * @throws TRI-RELEASE-002
 */
export async function findPublicFolder(tree: string, root: string): Promise<string | undefined> {
  const path = resolve(tree, root)
  if (path === resolve(tree) || !path.startsWith(resolve(tree) + sep))
    throw failure('TRI-RELEASE-002', {
      what: 'The whole release would be public, with its code',
      where: 'web.root',
      next: 'name the folder in it that holds the static files',
    })
  const names = relative(resolve(tree), path).split(sep)
  for (const [index] of names.entries()) {
    const part = names.slice(0, index + 1).join('/')
    const found = await lstat(join(tree, part)).catch(() => undefined)
    if (found === undefined) return undefined
    if (found.isSymbolicLink()) throw await isLink(part, await realpath(join(tree, part)).catch(() => undefined), tree)
  }
  return (await stat(path)).isDirectory() ? path : undefined
}

/** What is wrong with a link that would be published. */
type Fault = 'leads out of it' | 'leads to a hidden file in it' | 'leads to a folder that it lies in' | 'has no target'

/**
 * The files that visitors may see: everything except names that begin with a dot; /.well-known/ is public, too. A link is
 * replaced by its target, which must itself be public. What lies in folders that the app writes, or leads there, is left to the
 * app: each server has other files in them.
 * @throws TRI-RELEASE-005
 */
export async function listPublicFiles(folder: string, writable: readonly string[] = []): Promise<readonly BytePath[]> {
  const top = await realpath(folder)
  const left = await Promise.all(writable.map(async (one) => toBytePath(await realpath(one))))
  const faults: { readonly path: BytePath; readonly fault: Fault }[] = []

  const list = async (inner: BytePath, above: readonly BytePath[]): Promise<readonly BytePath[]> => {
    const names = await readdir(pathIn(top, inner), 'latin1')
    const nested = names.map(async (name): Promise<readonly BytePath[]> => {
      if (isHidden(name)) return []
      const path = join(inner, name)
      const real = await realpath(pathIn(top, path), { encoding: 'buffer' }).then(
        (found) => found.toString('latin1'),
        () => undefined,
      )
      const leads = real ?? (await targetOf(pathIn(top, path)))
      if (left.some((one) => leads === one || leads.startsWith(one + sep))) return []
      const fault = faultOf(real, toBytePath(top), above)
      if (fault !== undefined) {
        faults.push({ path, fault })
        return []
      }
      const stats = await stat(pathIn(top, path))
      if (stats.isDirectory()) return await list(path, [...above, real!])
      return stats.isFile() ? [path] : []
    })
    return (await Promise.all(nested)).flat()
  }

  const found = await list('', [toBytePath(top)])
  if (faults.length === 0) return found.toSorted(inBytes)
  const shown = faults.toSorted((a, b) => inBytes(a.path, b.path)).slice(0, 5)
  throw failure('TRI-RELEASE-005', {
    what:
      faults.length === 1
        ? 'A link among the static files cannot be published'
        : `${faults.length} links among the static files cannot be published`,
    where: 'web.root',
    why: shown.map(({ path, fault }) => `${readable(path)} ${fault}`).join('\n'),
    state: 'no server was touched',
    next: 'let app.build copy there what visitors shall see',
  })
}

/** Where a link says that it leads, although nothing is there. */
const targetOf = async (link: ReturnType<typeof pathIn>): Promise<BytePath> =>
  resolve(dirname(link.toString('latin1')), await readlink(link, 'latin1').catch(() => ''))

function faultOf(real: BytePath | undefined, top: BytePath, above: readonly BytePath[]): Fault | undefined {
  if (real === undefined) return 'has no target'
  if (above.includes(real)) return 'leads to a folder that it lies in'
  if (!real.startsWith(top + sep)) return 'leads out of it'
  return real.slice(top.length).split(sep).some(isHidden) ? 'leads to a hidden file in it' : undefined
}

const isHidden = (name: string): boolean => name.startsWith('.') && name !== '.well-known'

async function isLink(part: string, real: string | undefined, tree: string): Promise<Error> {
  const inside = relative(await realpath(tree), real ?? tree)
  const leads =
    real === undefined ? 'nowhere' : inside === '' ? 'the whole release' : inside.startsWith('..') ? real : inside
  return failure('TRI-RELEASE-002', {
    what: `${part} is a link, but static files must lie in a real folder`,
    where: 'web.root',
    why: `it leads to ${leads}`,
    state: 'no server was touched',
    next: 'make it a folder, and let app.build copy there what visitors shall see',
  })
}

import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The first name on the way to a path of a tree, and the path itself, that is a link; `undefined` where there is none. What lies
 * behind one may be the operator's own: nothing is made, moved or removed there.
 */
export async function linkOnTheWay(tree: string, path: string): Promise<string | undefined> {
  const names = path.split('/')
  for (const [index] of names.entries()) {
    const one = names.slice(0, index + 1).join('/')
    const found = await lstat(join(tree, one)).catch(() => undefined)
    if (found?.isSymbolicLink()) return one
  }
  return undefined
}

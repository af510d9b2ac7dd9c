import { lstat, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure, type TrimaranError } from '../errors/failure.ts'
import { linkOnTheWay } from './link-on-the-way.ts'

/**
 * Makes the folders of `app.writable` in the release: on servers each is the place where the server's own folder is seen. A link
 * stands for a folder elsewhere on the computer that the app came from, and gives way. One above it does not: what lies behind it
 * is not the release's, and nothing is made or removed there.
 * @throws TRI-RELEASE-002 where something else has that name, or a name above it
 */
export async function makeWritableFolders(tree: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const link = await linkOnTheWay(tree, dirname(folder))
    if (link !== undefined)
      throw noPlace(
        `${link} is a link in the release, and ${folder} lies in it`,
        'name the folder that the link leads to',
      )
    for (const above of foldersAbove(folder)) {
      const found = await lstat(join(tree, above)).catch(() => undefined)
      if (found !== undefined && !found.isDirectory()) throw noFolder(above)
    }
    const path = join(tree, folder)
    const found = await lstat(path).catch(() => undefined)
    if (found?.isSymbolicLink()) await rm(path)
    else if (found !== undefined && !found.isDirectory()) throw noFolder(folder)
    await mkdir(path, { recursive: true })
  }
}

/** `a` and `a/b`, of `a/b/c`. */
function foldersAbove(folder: string): readonly string[] {
  const names = folder.split('/')
  return names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join('/'))
}

const noFolder = (path: string): TrimaranError =>
  noPlace(`${path} is no folder in the release, and the app shall write in it`, 'name folders alone')

const noPlace = (what: string, next: string): TrimaranError =>
  failure('TRI-RELEASE-002', { what, where: 'app.writable', state: 'no server was touched', next })

import { lstat, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'

/**
 * Makes the folders of `app.writable` in the release: on servers each is the place where the server's own folder is seen. A link
 * stands for a folder elsewhere on the computer that the app came from, and gives way.
 * @throws TRI-RELEASE-002 where something else has that name
 */
export async function makeWritableFolders(tree: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const path = join(tree, folder)
    const found = await lstat(path).catch(() => undefined)
    if (found?.isSymbolicLink()) await rm(path)
    else if (found !== undefined && !found.isDirectory())
      throw failure('TRI-RELEASE-002', {
        what: `${folder} is no folder in the release, and the app shall write in it`,
        where: 'app.writable',
        state: 'no server was touched',
        next: 'name folders alone',
      })
    await mkdir(path, { recursive: true })
  }
}

import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'

/** Mode of each file in the state folder: the operator's alone. */
export const privateFile = 0o600
const privateFolder = 0o700

/**
 * Sees to it that `.trimaran` is the operator's alone and stays out of git, whoever made it and however: the key of the stack,
 * packed releases and logs of commands lie in it.
 */
export async function makePrivateFolder(stateFolder: string): Promise<void> {
  await mkdir(stateFolder, { recursive: true, mode: privateFolder })
  await closePrivateFolder(stateFolder)
}

/** The same for one that is there already; nothing where there is none. */
export async function closePrivateFolder(stateFolder: string): Promise<void> {
  const found = await stat(stateFolder).catch(() => undefined)
  if (found === undefined) return
  if (!found.isDirectory())
    throw failure('TRI-FILE-001', {
      what: `${stateFolder} is not a folder`,
      next: 'move it away: Trimaran keeps the key of the stack in a folder of that name',
    })
  await writeFile(join(stateFolder, '.gitignore'), '*\n', { mode: privateFile, flag: 'wx' }).catch(tolerate)
  if (isOpen(found.mode)) await closeAll(stateFolder).catch(tolerate)
}

/** Whether others than the owner may do anything with it. */
export const isOpen = (mode: number): boolean => process.platform !== 'win32' && (mode & 0o077) !== 0

/** What earlier versions left open: event logs among it. The key is left to be refused, since somebody may have read it. */
async function closeAll(stateFolder: string): Promise<void> {
  const entries = await readdir(stateFolder, { recursive: true, withFileTypes: true })
  await Promise.all(
    entries
      .filter((entry) => (entry.isFile() || entry.isDirectory()) && !isKey(stateFolder, entry))
      .map((entry) => chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? privateFolder : privateFile)),
  )
  await chmod(stateFolder, privateFolder)
}

const isKey = (stateFolder: string, entry: { readonly name: string; readonly parentPath: string }): boolean =>
  entry.name === 'key' && entry.parentPath === stateFolder

/** It has one already; or it is somebody else's or cannot be written: whoever only looks at servers goes on all the same. */
function tolerate(error: NodeJS.ErrnoException): void {
  if (!['EEXIST', 'EROFS', 'EPERM', 'EACCES'].includes(error.code ?? '')) throw error
}

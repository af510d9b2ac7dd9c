import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'

/** Mode of each file in the state folder: the operator's alone. */
export const privateFile = 0o600
const privateFolder = 0o700

/**
 * Makes `.trimaran` private to the operator and keeps it out of git: it contains the stack key, packed releases and
 * logs of commands.
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

/** Whether users other than the owner have access. */
export const isOpen = (mode: number): boolean => process.platform !== 'win32' && (mode & 0o077) !== 0

/**
 * Closes files that earlier versions left readable, such as event logs. Not the key: that is refused, since somebody
 * may have read it.
 */
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

/** It exists already, or cannot be written: commands that only read go on anyway. */
function tolerate(error: NodeJS.ErrnoException): void {
  if (!['EEXIST', 'EROFS', 'EPERM', 'EACCES'].includes(error.code ?? '')) throw error
}

import { type Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type BytePath, pathIn } from './byte-path.ts'

export interface Entry {
  readonly path: BytePath
  /** `other` is a socket, a pipe or a device: it cannot be shipped. */
  readonly is: 'file' | 'folder' | 'link' | 'other'
}

/** Lists a folder's entries, in no order. Folders whose name `isPassedOver` accepts are left out. */
export async function listTree(
  folder: string,
  isPassedOver: (name: string) => boolean = () => false,
  inner: BytePath = '',
): Promise<readonly Entry[]> {
  const entries = await readdir(pathIn(folder, inner), { encoding: 'latin1', withFileTypes: true })
  const nested = entries
    .filter(({ name }) => !isPassedOver(name))
    .map(async (entry): Promise<readonly Entry[]> => {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`
      const is = kindOf(entry)
      const one = { path, is }
      return is === 'folder' ? [one, ...(await listTree(folder, isPassedOver, path))] : [one]
    })
  return (await Promise.all(nested)).flat()
}

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): Entry['is'] {
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isDirectory()) return 'folder'
  return entry.isFile() ? 'file' : 'other'
}

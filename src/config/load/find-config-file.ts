import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { failure } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** What a config may be called; of these a folder has one. */
export const configNames = ['trimaran.config.ts', 'trimaran.config.mts', 'trimaran.config.js', 'trimaran.config.mjs']

/**
 * The absolute path of the config: the one that is named, or the first found from the folder upwards. Throws
 * TRI-CONFIG-001 where there is none.
 */
export async function findConfigFile(folder: string, named?: string): Promise<string> {
  return named === undefined ? await searchUpwards(folder) : await findNamed(folder, named)
}

async function searchUpwards(start: string): Promise<string> {
  for (const folder of foldersUpwards(start)) {
    const found = await filesIn(folder)
    if (found.length > 1) throw several(folder, found)
    if (found.length === 1) return join(folder, found[0]!)
  }
  throw failure('TRI-CONFIG-001', {
    what: 'there is no trimaran.config.ts here',
    why: `searched ${start} and every folder above it`,
    next: `${trimaran('init')} writes one for the app in this folder`,
  })
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await Promise.all(configNames.map(async (name) => ((await isFile(join(folder, name))) ? [name] : [])))
  return found.flat()
}

const several = (folder: string, names: readonly string[]) =>
  failure('TRI-CONFIG-001', {
    what: `there are ${names.length} configs here: ${names.join(' and ')}`,
    where: folder,
    why: 'only one of them would be read',
    next: `remove one, or name the one to use: \`--config ${names[0]!}\``,
  })

async function findNamed(folder: string, named: string): Promise<string> {
  const file = resolve(folder, named)
  if (await isFile(file)) return file
  const inside = join(file, configNames[0]!)
  throw failure('TRI-CONFIG-001', {
    what: `${named} is not a file`,
    why: `looked for ${file}`,
    next: (await isFile(inside))
      ? `name the file in it: ${join(named, configNames[0]!)}`
      : 'name a config file that exists',
  })
}

function foldersUpwards(folder: string): readonly string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...foldersUpwards(above)]
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ?? false
}

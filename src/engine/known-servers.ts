import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'
import type { Server } from '../stack/stack.ts'
import { makePrivateFolder, privateFile } from './private-folder.ts'

/** A server that was set up once. Remembered so that it can be cleared after it has left the file. */
export type KnownServer = Server

/** Lab and production are different servers with the same names. */
export type Where = 'lab' | 'production'

const fileOf = (stateFolder: string, where: Where): string => join(stateFolder, `servers.${where}.json`)

/** @throws TRI-CONFIG-002 when the file is damaged. */
export async function readKnownServers(stateFolder: string, where: Where): Promise<readonly KnownServer[]> {
  const file = fileOf(stateFolder, where)
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KnownServer[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    if (!(error instanceof SyntaxError)) throw error
    throw failure('TRI-CONFIG-002', {
      what: 'The list of known servers cannot be read',
      where: file,
      why: error.message,
      next: 'delete the file: it is made again from the config',
    })
  }
}

/** Replaces the list, in one rename. */
export async function writeKnownServers(
  stateFolder: string,
  where: Where,
  servers: readonly KnownServer[],
): Promise<void> {
  await makePrivateFolder(stateFolder)
  const file = fileOf(stateFolder, where)
  await writeFile(`${file}.new`, `${JSON.stringify(servers, undefined, 2)}\n`, { mode: privateFile })
  await rename(`${file}.new`, file)
}

/** Forgets one server: another machine has its place now, and is asked for its address. */
export async function forgetKnownServer(stateFolder: string, where: Where, server: string): Promise<void> {
  const known = await readKnownServers(stateFolder, where)
  await writeKnownServers(
    stateFolder,
    where,
    known.filter(({ name }) => name !== server),
  )
}

/** Forgets the servers of a project's lab after it was removed. */
export async function forgetKnownServers(projectFolder: string, where: Where): Promise<void> {
  await rm(fileOf(join(projectFolder, '.trimaran'), where), { force: true })
}

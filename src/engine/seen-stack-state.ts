import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { failure } from '../errors/failure.ts'
import type { SeenStackState } from '../preflight/check-stack-state.ts'
import { serverNamePattern } from '../config/values/names.ts'
import type { Where } from './known-servers.ts'
import { makePrivateFolder, privateFile } from './private-folder.ts'

const fileOf = (stateFolder: string, where: Where): string => join(stateFolder, `state-numbers.${where}.json`)

const schema = z.record(z.string().regex(serverNamePattern), z.int().min(1))

/**
 * The numbers of the stack state that this computer has seen, by server. They are signed, but an old copy keeps its
 * signature: only these numbers show that one was restored. @throws TRI-CONFIG-002
 */
export async function readSeenStackState(stateFolder: string, where: Where): Promise<SeenStackState> {
  const file = fileOf(stateFolder, where)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return {}
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw failure('TRI-CONFIG-002', {
      what: 'The numbers of the stack states that were seen cannot be read',
      where: file,
      why: (error as Error).message,
      next: 'delete the file: it is made again from the answers of the servers',
    })
  }
}

/** Replaces them, in one rename. */
export async function writeSeenStackState(stateFolder: string, where: Where, seen: SeenStackState): Promise<void> {
  await makePrivateFolder(stateFolder)
  const file = fileOf(stateFolder, where)
  await writeFile(`${file}.new`, `${JSON.stringify(seen, undefined, 2)}\n`, { mode: privateFile })
  await rename(`${file}.new`, file)
}

/** Forgets those of removed servers: their numbers start again. */
export async function forgetSeenStackState(projectFolder: string, where: Where): Promise<void> {
  await rm(fileOf(join(projectFolder, '.trimaran'), where), { force: true })
}

import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const passwordLength = 32

/** Gives the password of a name: 32 letters and digits, the same for the same key and stack. */
export type Secrets = (name: string) => string

export interface StackKey {
  readonly secrets: Secrets
  /** Writes a key that is new to `.trimaran/key`, so that passwords that derive from it can be placed. */
  readonly keep: () => Promise<void>
}

/**
 * Reads the stack key from `TRIMARAN_KEY` or `.trimaran/key`; where there is none, makes one that is not kept yet: until
 * servers are changed, none of them may have been set up with another.
 * @throws TRI-KEY-001 where the key is too short to be one.
 */
export async function loadStackKey(stateFolder: string, stack: string): Promise<StackKey> {
  const present = process.env['TRIMARAN_KEY'] ?? (await readKey(stateFolder))
  const key = present ?? randomBytes(32).toString('base64url')
  if (key.trim().length < 32) {
    throw failure('TRI-KEY-001', {
      what: 'The stack key is too short',
      where: process.env['TRIMARAN_KEY'] === undefined ? join(stateFolder, 'key') : 'TRIMARAN_KEY',
      why: 'at least 32 characters are needed',
      next: 'put the key back that this stack was set up with; a new one would change every internal password',
    })
  }
  const keep = async (): Promise<void> => (present === undefined ? keepKey(stateFolder, key) : undefined)
  return { secrets: secretsFrom(key.trim(), stack), keep }
}

/** Derives passwords by HKDF-SHA256 (RFC 5869), the stack's name as salt and the password's name as info. */
export function secretsFrom(key: string, stack: string): Secrets {
  return (name) => {
    // 248 is the largest multiple of 62 below 256: bytes above it are left out, so that every letter is equally likely.
    const bytes = new Uint8Array(hkdfSync('sha256', key, stack, name, passwordLength * 4)).filter((byte) => byte < 248)
    return Array.from(bytes.slice(0, passwordLength), (byte) => letters[byte % letters.length]).join('')
  }
}

async function readKey(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'key'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function keepKey(folder: string, key: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  try {
    await writeFile(join(folder, 'key'), `${key}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw failure('TRI-KEY-001', {
      what: 'Another command made the stack key meanwhile',
      where: join(folder, 'key'),
      state: 'nothing was changed by this command',
      next: 'run it again: it will use that key',
    })
  }
}

import { hkdfSync, randomBytes } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { quote } from '../shell/sh.ts'
import { learnSecret } from '../speech/known-secrets.ts'
import { isOpen, makePrivateFolder, privateFile } from './private-folder.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const passwordLength = 32

/** Returns the password of a name: 32 letters and digits, the same for the same key and stack. */
export type Secrets = (name: string) => string

export interface StackKey {
  readonly secrets: Secrets
  /** Writes a key that is new to `.trimaran/key`, so that passwords that derive from it can be placed. */
  readonly keep: () => Promise<void>
}

/**
 * Names of the passwords of components. A password may appear in the answer of any server, also for commands that place
 * nothing: so all of them are derived as soon as the key is read, and masked from then on.
 */
export const passwordNames = [
  'postgres-app',
  'postgres-superuser',
  'postgres-replication',
  'postgres-rewind',
  'patroni-rest',
] as const

const keyVariable = 'TRIMARAN_KEY'
let hiddenKey: string | undefined

/**
 * Removes the stack key from the environment before any child process starts: hooks, builds, commands that print
 * secrets, git, npm and ssh do not need it.
 */
export function hideKeyFromChildren(): void {
  hiddenKey = process.env[keyVariable] ?? hiddenKey
  delete process.env[keyVariable]
}

/**
 * Reads the stack key from `TRIMARAN_KEY` or `.trimaran/key`; where there is none, makes one that is stored only before
 * servers are changed.
 * @throws TRI-KEY-001 where the key is too short, or other users can read it.
 */
export async function loadStackKey(stateFolder: string, stack: string): Promise<StackKey> {
  hideKeyFromChildren()
  const present = hiddenKey ?? (await readKey(stateFolder))
  const key = present ?? randomBytes(32).toString('base64url')
  if (key.trim().length < 32) {
    throw failure('TRI-KEY-001', {
      what: 'The stack key is too short',
      where: hiddenKey === undefined ? join(stateFolder, 'key') : keyVariable,
      why: 'at least 32 characters are needed',
      next: 'restore the key that this stack was set up with; a new one would change every internal password',
    })
  }
  let isKept = present !== undefined
  const keep = async (): Promise<void> => {
    if (!isKept) await keepKey(stateFolder, key)
    isKept = true
  }
  const derive = secretsFrom(key.trim(), stack)
  const secrets: Secrets = (name) => {
    const password = derive(name)
    learnSecret(password)
    return password
  }
  learnSecret(key.trim())
  passwordNames.forEach(secrets)
  return { secrets, keep }
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
  const file = join(folder, 'key')
  try {
    if (isOpen((await stat(file)).mode)) throw readByOthers(file)
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const readByOthers = (file: string) =>
  failure('TRI-KEY-001', {
    what: 'Others can read the stack key',
    where: file,
    why: 'every password of the stack derives from it',
    state: 'nothing was changed',
    next: `chmod 600 ${quote(file)}\nwhere the file system knows no modes, give the key in ${keyVariable} instead`,
  })

async function keepKey(folder: string, key: string): Promise<void> {
  await makePrivateFolder(folder)
  try {
    await writeFile(join(folder, 'key'), `${key}\n`, { mode: privateFile, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw failure('TRI-KEY-001', {
      what: 'Another command made the stack key at the same time',
      where: join(folder, 'key'),
      state: 'nothing was changed by this command',
      next: 'run it again: it will use that key',
    })
  }
}

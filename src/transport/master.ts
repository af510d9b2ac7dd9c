import { createHash, randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import spawn, { SubprocessError } from 'nano-spawn'
import { failure } from '../errors/failure.ts'
import { classifySshFailure } from './classify-ssh-failure.ts'
import type { Semaphore } from './semaphore.ts'
import { anotherArguments, checkArguments, describeArguments, limits, masterArguments } from './ssh-command.ts'
import type { Target } from './transport.ts'

/** The one SSH connection to a place that all channels share: OpenSSH's control master, behind a socket. */
export interface Master {
  readonly socket: string
  /** Grows with each opened connection. If several users see the same connection fail, it is renewed once. */
  readonly epoch: number
  /** Uses an open connection, from this command or an earlier one, or opens one. */
  ensure(): Promise<void>
  /** Opens a new connection in place of the one of that epoch, unless that was already done. */
  renew(epoch: number): Promise<void>
}

/**
 * Names the socket by all that SSH knows about the target: user, host, port, keys, jump hosts. So another config file, or a
 * changed one, means another connection.
 */
export async function findSocket(target: Target, folder: string): Promise<string> {
  const described = await ask(describeArguments(target), limits.checkSeconds * 10)
  if (described.code !== 0) throw classifySshFailure(target, described.words)
  return join(folder, createHash('sha256').update(described.words).digest('hex').slice(0, 16))
}

/** The master of one socket. `openings` limits how many are opened at the same time. */
export function createMaster(target: Target, socket: string, openings: Semaphore): Master {
  let epoch = 0
  let pending: Promise<void> | undefined

  const alone = (act: () => Promise<void>): Promise<void> => {
    pending ??= act().finally(() => (pending = undefined))
    return pending
  }

  const openNew = async (): Promise<void> => {
    const leave = await openings.acquire()
    try {
      await openMaster(target, socket)
      epoch += 1
    } finally {
      leave()
    }
  }

  return {
    socket,
    get epoch() {
      return epoch
    },
    ensure: () => alone(async () => ((await answers(target, socket)) ? undefined : openNew())),
    renew: async (seen) => (seen === epoch ? alone(openNew) : undefined),
  }
}

/** Whether a master answers. One that hangs, a stale socket and a missing socket all count as no. */
async function answers(target: Target, socket: string): Promise<boolean> {
  return (await ask(checkArguments(target, socket), limits.checkSeconds)).code === 0
}

/**
 * Opens a connection on a socket with a unique name, then renames it to the shared name. So no command ever sees a half-open
 * master, and two commands at once do no harm. A master that ends later removes only its own name, not its successor's. Commands
 * that still use the old master may go on; without users it ends by itself.
 */
async function openMaster(target: Target, socket: string): Promise<void> {
  const own = `${socket}.${randomBytes(4).toString('hex')}`
  const log = await open(`${own}.log`, 'wx', 0o600)
  try {
    // A file, not pipes: the master keeps its outputs open, so with pipes we would wait until it ends.
    const { code } = await ask(masterArguments(target, own), limits.openSeconds, log.fd)
    if (code === 0) return await rename(own, socket)
    await rm(socket, { force: true })
    const words = await readFile(`${own}.log`, 'utf8')
    throw classifySshFailure(target, words.trim() || (code === undefined ? 'Timeout while connecting' : ''))
  } finally {
    await log.close()
    await rm(`${own}.log`, { force: true })
  }
}

/** Opens a connection beside the master's, and closes it. @returns what ssh said where it could not be opened. */
export async function openAnother(target: Target): Promise<string | undefined> {
  const { code, words } = await ask(anotherArguments(target), limits.openSeconds)
  // Any other code is that of the command: the connection was open.
  if (code !== undefined && code !== sshFailed) return undefined
  return words.trim() || 'no answer in time'
}

/** ssh(1): "255 if an error occurred". */
const sshFailed = 255

/** Runs ssh for a quick local question; `code` is undefined where it did not end in time. */
async function ask(args: string[], seconds: number, output?: number) {
  // A separate process group: it does not get Ctrl-C from the terminal.
  const options = { stdin: 'ignore', stdout: output ?? 'pipe', stderr: output ?? 'pipe', detached: true } as const
  try {
    const { output: words } = await spawn('ssh', args, { ...options, timeout: seconds * 1000 })
    return { code: 0, words }
  } catch (error) {
    if (!(error instanceof SubprocessError)) throw error
    if (isMissing(error)) throw sshMissing()
    return { code: error.exitCode, words: error.output }
  }
}

const isMissing = (error: SubprocessError): boolean => (error.cause as { code?: string } | undefined)?.code === 'ENOENT'

const sshMissing = () =>
  failure('TRI-SSH-007', {
    what: 'The command `ssh` is not installed on this computer',
    next: 'Install the OpenSSH client: `apt install openssh-client`',
  })

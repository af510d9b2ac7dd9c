import { setTimeout as sleep } from 'node:timers/promises'
import { failure, TrimaranError } from '../errors/failure.ts'
import { lockOwnerPath, type LockMark, lockPath, printLockMark } from '../observation/lock-mark.ts'
import { makeRunFolder } from '../resources/run-folder.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

export interface LockOptions {
  readonly connect: (server: Server) => Promise<Connection>
  /** The owner's name for others that want it: `ana@laptop`. */
  readonly owner: string
  /** How long to wait for another operator before giving up. */
  readonly waitSeconds: number
  /** How much longer a server may take before it counts as unreachable; 15 s unless stated. */
  readonly answerSeconds?: number
  /** Ends the wait and releases the locks so far. Once all locks are held, it does nothing. */
  readonly signal?: AbortSignal
}

const usualAnswerSeconds = 15

/** All locks of a stack, held. */
export interface Locks {
  /** By server: what the mark was before. Misses those that could not be reached. */
  readonly marks: ReadonlyMap<string, LockMark>
  readonly unlock: () => Promise<void>
}

/**
 * Takes the lock of every reachable server, so that no two operators change them at once. The lock lasts as long as the
 * connection: the server's side prints something every second, and releases the lock when nobody reads it any more. So
 * a killed command leaves no lock behind, and a lost connection releases it when the server's TCP gives up.
 *
 * @throws TRI-LOCK-001 when another operator holds it on any of the servers, and what the signal was aborted with; no
 * lock is held then.
 */
export async function takeLock(servers: readonly Server[], options: LockOptions): Promise<Locks> {
  options.signal?.throwIfAborted()
  const release = new AbortController()
  const giveUp = (): void => release.abort()
  options.signal?.addEventListener('abort', giveUp, { once: true })
  const held = (server: Server): Promise<Locked> => hold(server, options, release.signal)
  // First one server alone: of two operators at the same time, the one who gets it gets all others, too.
  const first = await Promise.all(servers.slice(0, 1).map(held))
  const isRefused = first.some(({ owner }) => owner !== undefined)
  const results = [
    ...first,
    ...(isRefused || release.signal.aborted ? [] : await Promise.all(servers.slice(1).map(held))),
  ]
  options.signal?.removeEventListener('abort', giveUp)
  const refused = results.find((result) => result.owner !== undefined)
  const unlock = async (): Promise<void> => {
    release.abort()
    await Promise.all(results.map(({ ended }) => ended))
  }
  const marks = new Map(results.flatMap(({ server, mark }) => (mark === undefined ? [] : [[server, mark] as const])))
  const isGivenUp = release.signal.aborted
  if (refused === undefined && !isGivenUp) return { marks, unlock }
  await unlock()
  if (refused === undefined || isGivenUp) throw options.signal?.reason
  throw failure('TRI-LOCK-001', {
    what: `${refused.owner} is changing this stack right now`,
    where: refused.server,
    next: 'wait until that is done; the lock is released when that command ends, even if it is killed',
  })
}

interface Locked {
  readonly server: string
  /** The other owner of the lock. */
  readonly owner?: string
  readonly mark?: LockMark
  readonly ended: Promise<void>
}

const mostLetters = 200

async function hold(server: Server, options: LockOptions, signal: AbortSignal): Promise<Locked> {
  const script = sh`
    ${makeRunFolder}
    exec 8>>${lockPath}
    if ! flock --wait ${options.waitSeconds} 8; then printf 'refused %s\n' "$(cat ${lockOwnerPath})"; exit 0; fi
    mark=$(${printLockMark()})
    printf '%s since %s\n' ${options.owner} "$(date -u +'%H:%M:%S UTC')" >${lockOwnerPath}
    echo "held $mark" || exit 0
    while sleep 1 8>&-; do echo alive || exit 0; done
  `
  let settle: (answer: Pick<Locked, 'owner' | 'mark'>) => void = () => {}
  const answered = new Promise<Pick<Locked, 'owner' | 'mark'>>((resolve) => {
    settle = resolve
  })
  const listen = (line: string): void => {
    if (line.startsWith('held ')) settle({ mark: line.slice('held '.length, mostLetters) })
    if (line.startsWith('refused ')) settle({ owner: line.slice('refused '.length, mostLetters) })
  }
  const { waitSeconds, answerSeconds = usualAnswerSeconds } = options
  // It accepts the connection but does not answer: it counts as unreachable.
  const timeUp = sleep((waitSeconds + answerSeconds) * 1000, undefined, { ref: false, signal }).catch(() => {})
  try {
    const connection = await options.connect(server)
    const given = new AbortController()
    const ended = connection
      .follow(script.text, listen, AbortSignal.any([signal, given.signal]))
      .catch(ignoreLoss)
      .then(() => settle({}))
    const answer = await Promise.race([answered, timeUp])
    if (answer === undefined) given.abort()
    return { server: server.name, ended, ...answer }
  } catch (error) {
    ignoreLoss(error)
    return { server: server.name, ended: Promise.resolve() }
  }
}

/** An unreachable server needs no lock: it cannot be changed. */
function ignoreLoss(error: unknown): void {
  if (!(error instanceof TrimaranError)) throw error
}

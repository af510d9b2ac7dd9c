import { failure, TrimaranError } from '../errors/failure.ts'
import type { Terms } from './operator.ts'

/** How the servers are where the operation had not begun to change any. */
export const unchanged = 'no server was changed'

/** What is said of an operation that its operator stopped: how the servers are now. */
export const interrupted = (
  state: string,
  next = state === unchanged ? 'run it again when you like' : 'run the same command again: it goes on from here',
) =>
  failure('TRI-STOP-001', {
    what: 'The command was interrupted',
    state,
    next,
  })

const usualState = 'what had begun was finished'

/** @throws TRI-STOP-001 where the operator wants it to stop */
export function requireUninterrupted({ signal }: Pick<Terms, 'signal'>, state: string): void {
  if (signal?.aborted === true) throw interrupted(state)
}

/**
 * Does a piece of work that ends when its operator wants to stop. Whatever it throws then (what the signal was aborted with, or an
 * error of Node's own) is what was asked for, and no defect. A failure that was put into words already stays as it is.
 * @throws TRI-STOP-001 where it was stopped; what the work throws
 */
export async function unlessInterrupted<T>(
  { signal }: Pick<Terms, 'signal'>,
  work: () => Promise<T>,
  state = usualState,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (signal === undefined || !isInterruption(error, signal)) throw error
    throw interrupted(state)
  }
}

/** Whether an error comes from the signal, or from a program that Ctrl-C ended at the same time, and from nothing else. */
const isInterruption = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted &&
  !(error instanceof TrimaranError) &&
  (error === signal.reason || (error instanceof Error && (error.name === 'AbortError' || wasEndedWithUs(error))))

/** Ctrl-C reaches all programs of a terminal's foreground; Node and nano-spawn name the signal that ended one. */
const wasEndedWithUs = (error: Error & { readonly signal?: unknown; readonly signalName?: unknown }): boolean =>
  [error.signal, error.signalName].some((name) => name === 'SIGINT' || name === 'SIGTERM')

import { type Locks, takeLock } from '../../engine/lock.ts'
import type { Server } from '../../stack/stack.ts'
import { nameOf, type Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'

const usualWaitSeconds = 8

/**
 * Does something while the lock of all these servers is held, so that no other operator changes them at the same time.
 * @throws TRI-LOCK-001 where another operator holds it
 */
export async function withLock<T>(
  servers: readonly Server[],
  { connect }: Pick<Session, 'connect'>,
  terms: Pick<Terms, 'name' | 'waitSeconds'>,
  work: (marks: Locks['marks']) => Promise<T>,
): Promise<T> {
  const { waitSeconds = usualWaitSeconds } = terms
  const { marks, unlock } = await takeLock(servers, { connect, owner: nameOf(terms), waitSeconds })
  try {
    return await work(marks)
  } finally {
    await unlock()
  }
}

import { type Locks, takeLock } from '../../engine/lock.ts'
import type { Server } from '../../stack/stack.ts'
import { nameOf, type Terms } from '../operator.ts'
import { unchanged, unlessInterrupted } from '../interrupted.ts'
import type { Session } from '../session/session.ts'

const usualWaitSeconds = 8

/**
 * Does something while the lock of all these servers is held, so that no other operator changes them at the same time.
 * @throws TRI-LOCK-001 where another operator holds it; TRI-STOP-001 where the operator waits no longer
 */
export async function withLock<T>(
  servers: readonly Server[],
  { connect }: Pick<Session, 'connect'>,
  terms: Pick<Terms, 'name' | 'waitSeconds' | 'signal'>,
  work: (marks: Locks['marks']) => Promise<T>,
): Promise<T> {
  const { waitSeconds = usualWaitSeconds, signal } = terms
  const options = { connect, owner: nameOf(terms), waitSeconds, ...(signal && { signal }) }
  const { marks, unlock } = await unlessInterrupted(terms, () => takeLock(servers, options), unchanged)
  try {
    return await work(marks)
  } finally {
    await unlock()
  }
}

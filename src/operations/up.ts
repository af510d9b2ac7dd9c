import { type Changed, changeStack } from './change/change-stack.ts'
import { recordEvents } from './change/record-events.ts'
import { requireServed } from './look/require-served.ts'
import { stateAfter } from './look/state-after.ts'
import type { Operator } from './operator.ts'
import { removeLabServers } from './session/lab-servers.ts'
import type { Session } from './session/session.ts'

export interface UpWish {
  /** Whether the last servers of a tier may leave with the data that they hold; refused unless stated. */
  readonly givesUpData?: boolean
}

/**
 * Makes the servers what the file says. Lab servers that the file no longer has are removed with their disks.
 *
 * @example
 * ```ts
 * const session = await openSession({ folder: '.', lab: true, boots: true })
 * const { outcome } = await up(session, { emit: () => {}, confirm: () => true })
 * ```
 * @throws TRI-REPLACE-002; TRI-PLAN-001, -002, -003; TRI-LOCK-001; TRI-APPLY-001; TRI-VISIT-001 where visitors are not served
 */
export const up = (session: Session, operator: Operator, { givesUpData = false }: UpWish = {}): Promise<Changed> =>
  recordEvents(session, 'up', operator, async (heard) => {
    const changed = await changeStack(session, { verb: 'up', givesUpData }, heard)
    if (changed.outcome === 'declined') return changed
    if (session.lab) await removeLabServers(session, heard.emit)
    const { stackState, plan } = changed.proposal
    await requireServed(session, stackState, stateAfter(changed.outcome, plan), heard)
    return changed
  })

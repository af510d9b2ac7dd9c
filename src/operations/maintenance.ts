import { changeStackState, type Maintenance, type StackState } from '../stack/stack-state.ts'
import { type Changed, changeStack } from './change/change-stack.ts'
import { recordEvents } from './change/record-events.ts'
import { requireClosed, requireServed } from './look/require-served.ts'
import type { Operator } from './operator.ts'
import type { Session } from './session/session.ts'

export interface MaintenanceWish {
  /** Whether visitors are to see the maintenance page. */
  readonly on: boolean
  /** Addresses and networks that still see the site. */
  readonly allow?: readonly string[]
}

/**
 * Closes the site for visitors, or opens it again. It stays so during deploys and reboots.
 * @throws TRI-VISIT-001 where it is open, and visitors are not served; or closed, and they still see it
 */
export function maintenance(
  session: Session,
  { on, allow = [] }: MaintenanceWish,
  operator: Operator,
): Promise<Changed> {
  const verb = `maintenance ${on ? 'on' : 'off'}`
  const newState = (current: StackState): StackState => withMaintenance(current, on ? { allow } : undefined)
  const without = (state: StackState): StackState => withMaintenance(state, on ? undefined : { allow: [] })
  return recordEvents(session, verb, operator, async (heard) => {
    const changed = await changeStack(session, { verb, tier: 'balancer', isStateOnly: true, newState, without }, heard)
    if (changed.outcome === 'declined') return changed
    if (on) await requireClosed(session, allow, heard)
    else await requireServed(session, changed.proposal.stackState, 'the maintenance page is off', heard)
    return changed
  })
}

/** The same state where nothing changes: then there is nothing to do. */
function withMaintenance(current: StackState, wanted: Maintenance | undefined): StackState {
  const { maintenance: present, ...rest } = current
  if (JSON.stringify(wanted) === JSON.stringify(present)) return current
  return changeStackState(rest, wanted === undefined ? {} : { maintenance: wanted })
}

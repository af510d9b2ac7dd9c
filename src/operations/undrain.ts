import { isObservation } from '../observation/observation.ts'
import { isDrained, type StackState, withDrained } from '../stack/stack-state.ts'
import { carryOut, type Outcome } from './change/change-stack.ts'
import { proposeChange } from './change/propose-change.ts'
import { recordEvents } from './change/record-events.ts'
import { requireServed } from './look/require-served.ts'
import type { Operator } from './operator.ts'
import { waitUntilUsed } from './service/wait-until-used.ts'
import { undrainedState } from './service/drained-state.ts'
import { oneServer } from './session/name-servers.ts'
import type { Session } from './session/session.ts'

export interface Undrained {
  readonly outcome: Outcome
  /** Whether it answers. If it does not, `up` puts it in service when it is back. */
  readonly isAlive: boolean
  /** Whether it was drained before. */
  readonly wasDrained: boolean
}

/**
 * Puts a drained server back into service, and waits until its neighbours use it.
 * @throws TRI-SERVER-001; TRI-DRAIN-002 where they do not; TRI-VISIT-001 where visitors are not served
 */
export async function undrain(session: Session, name: string, operator: Operator): Promise<Undrained> {
  const server = oneServer(session.stack, name)
  return await recordEvents(session, 'undrain', operator, async (heard) => {
    const proposal = await proposeChange(
      session,
      {
        newState: undrainedState(name),
        isStateOnly: true,
        returning: name,
        without: (state: StackState) => withDrained(state, [...state.drained, name]),
      },
      heard.emit,
    )
    const { outcome } = await carryOut(session, proposal, { verb: 'undrain', about: name }, heard)
    const answer = proposal.answers.get(name)
    const isAlive = answer !== undefined && isObservation(answer)
    const wasDrained = isDrained(proposal.current, name)
    const isPutBack = outcome === 'applied' || (outcome === 'nothing' && wasDrained)
    if (isAlive && isPutBack) {
      await waitUntilUsed(session, server, heard.emit)
      await requireServed(session, proposal.stackState, `${name} is in service again`, heard)
    }
    return { outcome, isAlive, wasDrained }
  })
}

import type { Freed } from '../engine/await-drained.ts'
import { isObservation } from '../observation/observation.ts'
import { carryOut, type Outcome } from './change/change-stack.ts'
import { proposeChange } from './change/propose-change.ts'
import { recordEvents } from './change/record-events.ts'
import { requireServed } from './look/require-served.ts'
import type { Operator } from './operator.ts'
import { waitUntilDrained } from './service/wait-until-drained.ts'
import { requireDrainable } from './service/require-drainable.ts'
import { drainBy, drainedState, undrainedState } from './service/drained-state.ts'
import { oneServer } from './session/name-servers.ts'
import type { Session } from './session/session.ts'

export interface DrainWish {
  /** The server's name. */
  readonly server: string
  /** Even if visitors will notice. */
  readonly anyway?: boolean
}

export interface Drained {
  readonly outcome: Outcome
  /** Whether it answers. If it does not, its neighbours send nothing there when it comes back. */
  readonly isAlive: boolean
  /** What is still open there. */
  readonly freed: Freed
  /** Warnings about the stack without it. */
  readonly notes: readonly string[]
}

/**
 * Takes a server out of service, and waits until its requests have ended. It stays out until `undrain`.
 * @throws TRI-SERVER-001; TRI-DRAIN-001 where the others cannot serve without it; TRI-DRAIN-003 where it was put back;
 * TRI-VISIT-001 where visitors are not served without it
 */
export async function drain(
  session: Session,
  { server: name, anyway = false }: DrainWish,
  operator: Operator,
): Promise<Drained> {
  const server = oneServer(session.stack, name)
  return await recordEvents(session, 'drain', operator, async (heard) => {
    const proposal = await proposeChange(
      session,
      { newState: drainedState(name, drainBy(operator)), isStateOnly: true, without: undrainedState(name) },
      heard.emit,
    )
    const notes = requireDrainable(server, session.stack, proposal.answers, anyway)
    const { outcome } = await carryOut(session, proposal, { verb: 'drain', about: name }, heard)
    const answer = proposal.answers.get(name)
    const isAlive = answer !== undefined && isObservation(answer)
    const isDrained = isAlive && outcome !== 'declined'
    const freed = isDrained ? await waitUntilDrained(session, server, heard.emit, anyway) : nothingOpen
    if (outcome !== 'declined') await requireServed(session, proposal.stackState, `${name} is drained`, heard)
    return { outcome, isAlive, freed, notes }
  })
}

const nothingOpen: Freed = { left: 0, cut: 0, callers: [] }

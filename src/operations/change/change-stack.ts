import { forgetUnfinished } from '../../engine/forget-unfinished.ts'
import { isObservation } from '../../observation/observation.ts'
import { isEmpty } from '../../plan/plan.ts'
import type { Operator } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { applyProposal, type Task } from './apply-proposal.ts'
import type { Proposal, Wish } from './plan-stack.ts'
import { requireUninterrupted, unchanged } from '../interrupted.ts'
import { proposeChange } from './propose-change.ts'

/** `nothing` to do, `applied`, or `declined` by the operator. */
export type Outcome = 'nothing' | 'applied' | 'declined'

export interface Changed {
  readonly outcome: Outcome
  /** What was proposed; after an apply, what was applied. */
  readonly proposal: Proposal
}

/**
 * Makes the servers what the file and the stack state say: asks them, shows the difference, and once it is confirmed takes the
 * lock, looks again where something may have changed, and applies exactly what was shown.
 * @throws TRI-REPLACE-002; TRI-PLAN-001, -002 where servers changed since, -003; TRI-LOCK-001; TRI-APPLY-001; TRI-STOP-001
 */
export async function changeStack(session: Session, change: Wish & Task, operator: Operator): Promise<Changed> {
  const proposal = await proposeChange(session, change, operator.emit)
  return await carryOut(session, proposal, change, operator)
}

/** Shows what is proposed, asks, and does it. */
export async function carryOut(session: Session, proposal: Proposal, task: Task, operator: Operator): Promise<Changed> {
  operator.show?.(proposal)
  const isNothing = isEmpty(proposal.plan)
  requireUninterrupted(operator, unchanged)
  if (!isNothing && !(await operator.confirm(proposal))) return { outcome: 'declined', proposal }
  if (isNothing) await forgetWhatIsDone(session, proposal)
  const applied = isNothing ? proposal : await applyProposal(session, proposal, task, operator)
  operator.emit({ type: 'done', changed: !isNothing })
  return { outcome: isNothing ? 'nothing' : 'applied', proposal: applied }
}

/** A change that was cut off, of which nothing is left to do. */
async function forgetWhatIsDone({ stack, connect }: Session, { answers, isWhole, plan }: Proposal): Promise<void> {
  // Only who asks for all of it, and of all servers, knows that nothing is left.
  if (!isWhole || plan.unreachable.length > 0) return
  const told = stack.servers.filter(({ name }) => {
    const answer = answers.get(name)
    return answer !== undefined && isObservation(answer) && answer.unfinished !== undefined
  })
  await forgetUnfinished(told, connect)
}

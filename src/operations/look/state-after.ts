import type { Plan } from '../../plan/plan.ts'
import type { Outcome } from '../change/change-stack.ts'

/** What was done, for a failure that comes after it. */
export function stateAfter(outcome: Outcome, { unreachable }: Pick<Plan, 'unreachable'>): string {
  const done =
    outcome === 'nothing' ? 'the servers are as the file says: nothing was changed' : 'what was shown is done'
  return unreachable.length === 0 ? done : `${done}; unreachable: ${unreachable.map(({ server }) => server).join(', ')}`
}

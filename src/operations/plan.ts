import type { Emit } from '../events/event.ts'
import { planStack, type Proposal } from './change/plan-stack.ts'
import type { Session } from './session/session.ts'

/**
 * What `up` would change. Changes nothing; refusals are in `plan.refusals`.
 * @throws TRI-PLAN-003 when not a single server answers
 */
export const plan = (session: Session, emit: Emit): Promise<Proposal> => planStack(session, {}, emit)

import { emptyBlueprint } from '../blueprint/blueprint.ts'
import { components } from '../components/index.ts'
import { applyPlan } from '../engine/apply-plan.ts'
import type { Payload } from '../engine/gather-payloads.ts'
import { createPlan } from '../plan/create-plan.ts'
import { isEmpty, type Plan } from '../plan/plan.ts'
import { applyOptions, reachedServers, stopped } from './change/apply-proposal.ts'
import type { Outcome } from './change/change-stack.ts'
import { recordEvents } from './change/record-events.ts'
import { rememberAllServers } from './change/remember.ts'
import { withLock } from './change/with-lock.ts'
import type { Operator } from './operator.ts'
import { queryServers } from './session/query-servers.ts'
import type { Session } from './session/session.ts'

/** What is to go. */
export interface Clearing {
  readonly plan: Plan
}

/**
 * Takes the stack off its servers: units stop, then what was placed is removed. Debian packages and the database's files stay.
 * @throws TRI-LOCK-001; TRI-APPLY-001; TRI-STOP-001
 */
export async function down(session: Session, operator: Operator<Clearing>): Promise<Outcome> {
  const { stack, removed } = session
  const servers = [...stack.servers, ...removed]
  const answers = await queryServers(servers, session, { emit: operator.emit })
  const plan = createPlan(stack, servers.map(emptyBlueprint), answers, components)
  operator.show?.({ plan })
  if (isEmpty(plan)) return 'nothing'
  if (!(await operator.confirm({ plan }))) return 'declined'
  const { outcome } = await recordEvents(session, 'down', operator, async (heard) => {
    await withLock(reachedServers(session, answers), session, heard, async () => {
      await rememberAllServers(session)
      const result = await applyPlan(plan, applyOptions(session, { verb: 'down' }, noPayload, heard))
      if (!result.ok) throw stopped(result, [])
    })
    return { outcome: 'applied' as const }
  })
  return outcome
}

/** A plan that clears servers needs no archives. */
const noPayload: Payload = (name) => Promise.reject(new Error(`nothing provides ${name}`))

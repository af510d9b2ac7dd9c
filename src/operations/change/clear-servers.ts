import { components } from '../../components/index.ts'
import { emptyBlueprint } from '../../blueprint/blueprint.ts'
import { observe } from '../../engine/observe.ts'
import { isObservation } from '../../observation/observation.ts'
import { createPlan } from '../../plan/create-plan.ts'
import { isEmpty } from '../../plan/plan.ts'
import { applyUnderLock, type ChangeOptions, type ChangeResult } from './change-stack.ts'
import type { Session } from '../session/session.ts'

/** Plans for servers on which nothing is wanted, and applies it: units stop, then what was placed is removed. */
export async function clearServers(session: Session, options: ChangeOptions): Promise<ChangeResult['outcome']> {
  const { stack, removed, connect, secrets } = session
  const servers = [...stack.servers, ...removed]
  const answers = await observe(servers, { stack, components, connect, secrets, tell: options.tell })
  const blueprints = servers.map(emptyBlueprint)
  const reached = blueprints.filter(({ server }) => isObservation(answers.get(server.name)!))
  const plan = createPlan(stack, blueprints, answers, components)
  options.show(plan)
  if (isEmpty(plan)) return 'nothing'
  if (!(await options.confirm(plan))) return 'declined'
  await applyUnderLock(
    session,
    reached.map(({ server }) => server),
    plan,
    { verb: 'down' },
    options,
  )
  return 'applied'
}

import { roleOf } from '../components/index.ts'
import { changesOf, type Plan, stepsOf } from '../plan/plan.ts'
import { type Changed, changeStack } from './change/change-stack.ts'
import { planStack } from './change/plan-stack.ts'
import { recordEvents } from './change/record-events.ts'
import type { Operator } from './operator.ts'
import { serversIn } from './session/name-servers.ts'
import type { Session } from './session/session.ts'

/**
 * Moves the app to a newer Node where this Trimaran knows one: server by server, each into its other slot, so that no
 * server has to be drained. Anything else that differs is left to `up`.
 * @returns `undefined` where none of these servers has an app to move, or there is no newer Node
 */
export async function moveNode(
  session: Session,
  words: readonly string[],
  operator: Operator,
): Promise<Changed | undefined> {
  if (!serversIn(session.stack, words).some(({ tier }) => tier === 'app')) return undefined
  const { plan } = await planStack(session, {}, operator.emit)
  if (!bringsNode(plan)) return undefined
  return await recordEvents(session, 'upgrade', operator, (heard) => changeStack(session, { verb: 'upgrade' }, heard))
}

/** Whether it brings another Node to the app, and changes nothing else. */
export function bringsNode(plan: Plan): boolean {
  const changes = changesOf(plan)
  return (
    changes.every(
      ({ server, changes: parts }) => server.tier === 'app' && parts.every(({ component }) => component === 'app'),
    ) && changes.flatMap(stepsOf).some(({ action, name }) => action === 'create' && roleOf('runsApp').isRuntime(name))
  )
}

import { TrimaranError } from '../../errors/failure.ts'
import { isDrained, type RollingOperation } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import { rollingOrder } from '../../status/rolling-order.ts'
import { summarise } from '../../status/summarise.ts'
import { planStack, type Proposal } from '../change/plan-stack.ts'
import { requireServed } from '../look/require-served.ts'
import { requireUninterrupted, unchanged } from '../interrupted.ts'
import { recordEvents } from '../change/record-events.ts'
import type { Operator, Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { cutOff } from './failures.ts'
import { findPending, type Pending } from './find-pending.ts'
import { refuseAlone } from './peers.ts'
import type { Rolled, RollingProposal, RollingWish, RollingTask } from './rolling.ts'
import { takeStep } from './take-step.ts'

/**
 * A rolling operation: each server is drained, worked on, well again and back in service before the next one. The stack
 * state lists the servers that are done, so that the same command continues an operation that was cut off.
 * @throws TRI-SERVER-001; TRI-DRAIN-001 where visitors would notice; TRI-ROLL-001 where a step failed, -002 where
 * servers differ
 */
export async function roll(
  session: Session,
  { servers: words, anyway = false }: RollingWish,
  task: RollingTask,
  operator: Operator<RollingProposal>,
): Promise<Rolled> {
  const { verb } = task
  const planned = await planStack(session, {}, operator.emit)
  const pending = await findPending(session, planned, task, words, operator.emit)
  if (pending === undefined) return { outcome: 'nothing', servers: [] }
  const servers = orderSteps(session, planned, pending, anyway)
  const names = servers.map(({ name }) => name)
  const proposed = { verb, servers: names, drainedBefore: pending.rolling.aside }
  operator.show?.(proposed)
  requireUninterrupted(operator, unchanged)
  if (!(await operator.confirm(proposed))) return { outcome: 'declined', servers: names }
  return await recordEvents(session, verb, operator, async (heard) => {
    await takeSteps(servers, session, pending.rolling, task, anyway, heard)
    return { outcome: 'applied', servers: names }
  })
}

/** Servers whose step was cut off come first: they are back in service before the next step begins. */
function orderSteps(session: Session, planned: Proposal, { rolling, servers }: Pending, anyway: boolean) {
  const begun = servers.filter(({ name }) => isDrained(planned.stackState, name) && !rolling.aside.includes(name))
  refuseAlone(servers, begun, session.stack, planned, anyway)
  const rest = servers.filter((server) => !begun.includes(server))
  return [...begun, ...rollingOrder(rest, summarise(session.stack, planned.answers))]
}

async function takeSteps(
  servers: readonly Server[],
  session: Session,
  begun: RollingOperation,
  task: RollingTask,
  anyway: boolean,
  terms: Terms,
): Promise<void> {
  let rolling = begun
  for (const [position, server] of servers.entries()) {
    const isLast = position === servers.length - 1
    const later = servers.slice(position + 1)
    try {
      requireUninterrupted(terms, 'what had begun was finished')
      const told = await takeStep(server, session, { rolling, isLast, anyway, task }, terms)
      rolling = { ...rolling, done: [...rolling.done, server.name] }
      // Before the next server is taken out: its step would make it worse.
      await requireServed(session, told, `${server.name} is done`, terms)
    } catch (error) {
      if (!(error instanceof TrimaranError)) throw error
      throw cutOff(error, task.verb, server.name, rolling, later)
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { components } from '../../components/index.ts'
import { awaitWell } from '../../engine/await-well.ts'
import { failure, TrimaranError } from '../../errors/failure.ts'
import { isEmpty } from '../../plan/plan.ts'
import { changeStackState, type StackState, type RollingOperation } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import { applyProposal } from '../change/apply-proposal.ts'
import type { Wish } from '../change/plan-stack.ts'
import { proposeChange } from '../change/propose-change.ts'
import { ignoreEvents } from '../emit.ts'
import type { Terms } from '../operator.ts'
import { waitUntilDrained } from '../service/wait-until-drained.ts'
import { waitUntilUsed } from '../service/wait-until-used.ts'
import { requireDrainable } from '../service/require-drainable.ts'
import { drainBy, drainedState, undrainedState } from '../service/drained-state.ts'
import type { Session } from '../session/session.ts'
import { beginPhase } from './begin-phase.ts'
import { peersServe } from './peers.ts'
import type { RollingTask } from './rolling.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** One step of a rolling operation. */
export interface Step {
  readonly task: RollingTask
  /** From the stack state: the servers that are done, and those that were drained before. */
  readonly rolling: RollingOperation
  readonly isLast: boolean
  readonly anyway: boolean
}

/**
 * The step of one server. A server that an operator drained before stays drained. The last one that serves a tier is
 * not drained: no other could serve in its place.
 * @returns what the stack was told at the end of it; from then on the server counts as done
 */
export async function takeStep(server: Server, session: Session, step: Step, terms: Terms): Promise<StackState> {
  const { emit } = terms
  const drained = beginPhase(server, 'is drained', emit)
  drained(await drainForStep(server, session, step, terms))
  await step.task.perform(server, session, emit)
  const well = beginPhase(server, 'gets well', emit)
  await becomeWell(server, session)
  well('well again')
  const putBack = beginPhase(server, 'is put back', emit)
  const told = await undrainAfterStep(server, session, step, terms)
  putBack(step.rolling.aside.includes(server.name) ? 'stays drained' : 'back in service')
  return told
}

/** @returns its result, in words. */
async function drainForStep(server: Server, session: Session, step: Step, terms: Terms): Promise<string> {
  const { name } = server
  const { rolling, anyway } = step
  const wasDrained = rolling.aside.includes(name)
  let isAlone = false
  const stays = (): boolean => wasDrained || isAlone
  const wish: Wish = {
    newState: (current, answers) => {
      isAlone = !peersServe(server, session.stack, answers)
      const stackState = withRolling(current, rolling)
      return stays() ? stackState : drainedState(name, drainBy(terms))(stackState, answers)
    },
  }
  await retryChange(terms, async () => {
    const proposal = await proposeChange(session, wish, terms.emit)
    if (!stays()) requireDrainable(server, session.stack, proposal.answers, anyway)
    if (!isEmpty(proposal.plan)) await applyProposal(session, proposal, taskOf(step, name), terms)
  })
  if (wasDrained) return 'was drained before'
  if (isAlone) return 'is the only one that serves: not drained'
  const { left, cut } = await waitUntilDrained(session, server, terms.emit, anyway)
  return left + cut === 0 ? 'drained' : `drained, ${left + cut} still open`
}

/** @returns what the stack was told. */
async function undrainAfterStep(server: Server, session: Session, step: Step, terms: Terms): Promise<StackState> {
  const { name } = server
  const { rolling, isLast } = step
  const wasDrained = rolling.aside.includes(name)
  const next = isLast ? undefined : { ...rolling, done: [...rolling.done, name] }
  const wish: Wish = {
    newState: (current) => {
      const stackState = withRolling(current, next)
      return wasDrained ? stackState : undrainedState(name)(stackState)
    },
  }
  // It is put back even after a request to stop: what has begun is finished.
  const { signal: _, ...toTheEnd } = terms
  const told = await retryChange(terms, async () => {
    const proposal = await proposeChange(session, wish, terms.emit)
    if (!isEmpty(proposal.plan)) await applyProposal(session, proposal, taskOf(step, name), toTheEnd)
    return proposal.stackState
  })
  if (!wasDrained) await waitUntilUsed(session, server, ignoreEvents)
  return told
}

const taskOf = ({ task }: Step, server: string) => ({ verb: task.verb, about: server })

const withRolling = (current: StackState, rolling: RollingOperation | undefined): StackState => {
  if (JSON.stringify(current.rolling) === JSON.stringify(rolling)) return current
  const { rolling: _before, ...rest } = current
  return changeStackState({ ...rest, ...(rolling && { rolling }) }, {})
}

/** A component that is not well yet, such as a replica that has only begun to follow, gets some time. */
const patienceSeconds = 90
const passing: readonly string[] = ['TRI-DRAIN-001', 'TRI-PLAN-002']

async function retryChange<T>({ signal }: Terms, change: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceSeconds * 1000
  for (;;) {
    try {
      return await change()
    } catch (error) {
      const mayPass = error instanceof TrimaranError && passing.includes(error.code)
      if (!mayPass || signal?.aborted === true || performance.now() > deadline) throw error
      await sleep(2000)
    }
  }
}

async function becomeWell(server: Server, { stack, connect, secrets }: Session): Promise<void> {
  const unwell = await awaitWell(server, { stack, components, connect, secrets })
  if (unwell.length === 0) return
  throw failure('TRI-ROLL-003', {
    what: `${server.name} did not become well`,
    why: unwell.join('\n'),
    next: `find the cause with ${trimaran('status')} and ${trimaran(`logs ${server.name}`)}`,
  })
}

import { applyPlan, type ApplyOptions, type ApplyResult } from '../../engine/apply-plan.ts'
import { auditEntry } from '../../engine/apply-script.ts'
import { gatherPayloads, type Payload } from '../../engine/gather-payloads.ts'
import { forgetUnfinished } from '../../engine/forget-unfinished.ts'
import type { Locks } from '../../engine/lock.ts'
import { failure, TrimaranError } from '../../errors/failure.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { changesOf, type Plan, stepsOf } from '../../plan/plan.ts'
import type { StackState } from '../../stack/stack-state.ts'
import { sealOf } from '../../stack/stack-state-copy.ts'
import { type Server, serversOf } from '../../stack/stack.ts'
import { nameOf, type Terms } from '../operator.ts'
import { lookAtComponents, lookAtReleases, lookAtVisitors } from '../look/look-back.ts'
import { findUnserved } from '../look/require-served.ts'
import type { Session } from '../session/session.ts'
import type { Proposal } from './plan-stack.ts'
import { interrupted, unchanged, unlessInterrupted } from '../interrupted.ts'
import { recover } from './recover.ts'
import { archiveNames, payloadFor, releaseSources } from './release-payload.ts'
import { rememberAllServers, rememberGivenState, rememberServers } from './remember.ts'
import { withLock } from './with-lock.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** Its name in the audit trail, and whether it is rolled back when it fails. */
export interface Task {
  /** `up`, `deploy`, `drain` … */
  readonly verb: string
  /** What it is about: a release, a server. */
  readonly about?: string
  /** Whether all of it is rolled back, on every server, when it fails on one. */
  readonly rollsBack?: boolean
}

/**
 * Applies what was confirmed, and nothing else, while the lock of every reachable server is held.
 * @returns the same, or with the digests of the release that was built for it.
 * @throws TRI-PLAN-002; TRI-LOCK-001; TRI-APPLY-001; TRI-STOP-001; TRI-DEPLOY-001 or -002 where it is rolled back
 */
export async function applyProposal(session: Session, agreed: Proposal, task: Task, terms: Terms): Promise<Proposal> {
  const sources = releaseSources(agreed, session)
  const payload = payloadFor(agreed, sources, session, terms)
  const ready = await unlessInterrupted(
    terms,
    async () => {
      await session.supply?.(packagesIn(agreed.plan), terms)
      const isBuilt = sources.length === 0 && (await buildRelease(agreed, payload))
      // What was shown; its stack state has the digests of the release that was built for it.
      return isBuilt ? await agreed.planAgain() : agreed
    },
    unchanged,
  )
  await session.keepKey()
  const reached = reachedServers(session, ready.answers)
  await withLock(reached, session, terms, async (marks) => {
    const current = isFresh(ready, reached, marks) ? ready : await ready.askAgain()
    if (terms.isUnwatched !== true) requireSame(current.plan, ready.plan)
    await applyUnderLock(session, current, task, payload, terms)
  })
  await rememberServers(session, ready)
  await rememberGivenState(session, ready)
  return ready
}

async function applyUnderLock(
  session: Session,
  proposal: Proposal,
  task: Task,
  payload: Payload,
  terms: Terms,
): Promise<void> {
  await rememberAllServers(session)
  const { stackState } = proposal
  const options = {
    ...applyOptions(session, task, payload, terms),
    findUnserved: () => findUnserved(session, stackState, terms),
  }
  const result = await judge(await applyPlan(proposal.plan, options), proposal.plan, task, options)
  if (result.ok) {
    const run = proposal.isWhole ? undefined : options.audit.run
    return await forgetUnfinished(reachedServers(session, proposal.answers), session.connect, run)
  }
  const isNothingDone = result.failed.length === 0 && result.applied.length === 0
  if (task.rollsBack !== true || result.isPastReturn || isNothingDone)
    throw stopped(result, await lookAtStopped(result, proposal, session, terms))
  const lookBack = (told: StackState): Promise<string> => lookAtReleases(session, told, terms)
  try {
    const { stack } = session
    await recover(result, proposal, { ...options, stack, seal: sealOf(stack, session.secrets), lookBack })
  } catch (error) {
    // All of it is rolled back: nothing of this change is left to be finished.
    if (error instanceof TrimaranError && error.code === 'TRI-DEPLOY-001')
      await forgetUnfinished(reachedServers(session, proposal.answers), session.connect, options.audit.run)
    throw error
  }
}

/** A release that took nobody's place was not judged by visitors on the way: there was nothing to be taken away at last. */
async function judge(
  result: ApplyResult,
  { waves }: Plan,
  { rollsBack = false }: Task,
  { findUnserved: find }: ApplyOptions,
): Promise<ApplyResult> {
  if (!result.ok || !rollsBack || waves.some(({ isLast }) => isLast)) return result
  const unserved = await find?.()
  return unserved === undefined ? result : { ...result, ok: false, unserved, isPastReturn: false }
}

/** How a plan is applied for this operator, under this name. */
export const applyOptions = (
  { connect, stack }: Pick<Session, 'connect' | 'stack'>,
  { verb, about }: Task,
  payload: Payload,
  terms: Terms,
): ApplyOptions => ({
  connect,
  servers: stack.servers,
  payload,
  audit: auditEntry({
    operator: nameOf(terms),
    command: verb,
    stack: stack.name,
    ...(about !== undefined && { about }),
  }),
  emit: terms.emit,
  ...(terms.signal && { signal: terms.signal }),
})

/** What the plan installs on each server. */
const packagesIn = (plan: Plan): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...Map.groupBy(changesOf(plan), ({ server }) => server.name)].map(([name, changes]) => [
      name,
      changes.flatMap(stepsOf).flatMap(({ packages }) => packages ?? []),
    ]),
  )

/** A release that no server has is built before the lock is taken: the stack state holds its digests. */
async function buildRelease({ plan, stackState }: Proposal, payload: Payload): Promise<boolean> {
  const names = Object.values(archiveNames).map((archive) => `${archive}:${stackState.release}`)
  const wanted = new Set(
    changesOf(plan)
      .flatMap(stepsOf)
      .map((step) => step.payload),
  )
  const needed = names.filter((name) => wanted.has(name))
  await gatherPayloads(needed, payload)
  return needed.length > 0
}

export const reachedServers = (
  { stack, removed }: Pick<Session, 'stack' | 'removed'>,
  answers: Answers,
): readonly Server[] => [...stack.servers, ...removed].filter(({ name }) => isObservation(answers.get(name)!))

/** After so long the servers are asked again even if nobody had the lock: they also change by themselves. */
const freshSeconds = 30

/**
 * Whether the servers are still as they were when they were asked: not long ago, and nobody had the lock since then.
 */
function isFresh({ answers, askedAt }: Proposal, reached: readonly Server[], marks: Locks['marks']): boolean {
  if (performance.now() - askedAt > freshSeconds * 1000) return false
  return reached.every(({ name }) => {
    const answer = answers.get(name)
    const mark = answer !== undefined && isObservation(answer) ? answer.lockMark : undefined
    return mark !== undefined && mark === marks.get(name)
  })
}

function requireSame(now: Plan, shown: Plan): void {
  if (JSON.stringify(now.waves) === JSON.stringify(shown.waves)) return
  throw failure('TRI-PLAN-002', {
    what: 'The servers changed while the plan was shown',
    state: 'nothing was changed by this command',
    next: `run ${trimaran('up')} again and look at the new plan`,
  })
}

/** Says what became of what was rolled back, and of visitors, once it was looked at. */
async function lookAtStopped(
  { failures }: ApplyResult,
  { answers, stackState }: Proposal,
  session: Session,
  terms: Terms,
): Promise<readonly string[]> {
  const rolledBack = failures.flatMap(({ server, rolledBack: one }) => (one === undefined ? [] : [{ server, ...one }]))
  const wasSetUp = serversOf(session.stack, 'balancer').some(({ name }) => {
    const answer = answers.get(name)
    return answer !== undefined && isObservation(answer) && answer.manifest.length > 0
  })
  const [components, visitors] = await Promise.all([
    lookAtComponents(session, rolledBack, answers, terms),
    wasSetUp ? lookAtVisitors(session, stackState, terms) : undefined,
  ])
  return [...components, ...(visitors === undefined ? [] : [visitors])]
}

/** Why an apply ended before its plan did, what was seen afterwards, and what is left. */
export function stopped({ failed, applied, unserved, waiting }: ApplyResult, seen: readonly string[]): TrimaranError {
  const left = waiting.length === 0 ? [] : [`not begun: ${waiting.map(({ title }) => title).join('; ')}`]
  const state = ['what was done before stays', ...seen, ...left].join('; ')
  if (failed.length === 0 && unserved === undefined) return interrupted(applied.length === 0 ? unchanged : state)
  return failure('TRI-APPLY-001', {
    what:
      unserved === undefined
        ? `The change failed on ${failed.join(', ')}`
        : 'The change was made, and visitors are not served',
    ...(unserved !== undefined && { why: unserved }),
    state,
    next: 'fix the cause above, then run the same command again: it goes on from here',
  })
}

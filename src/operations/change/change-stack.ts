import { hostname, userInfo } from 'node:os'
import { stackPart } from '../../blueprint/blueprint.ts'
import { applyPlan, type ApplyResult } from '../../engine/apply-plan.ts'
import { auditEntry } from '../../engine/apply-script.ts'
import type { Tell } from '../../events/event.ts'
import { gatherPayloads, type Payload } from '../../engine/gather-payloads.ts'
import { writeKnownServers } from '../../engine/known-servers.ts'
import { type Locks, takeLock } from '../../engine/lock.ts'
import { readSeenStackState, writeSeenStackState } from '../../engine/seen-stack-state.ts'
import { failure } from '../../errors/failure.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import type { SeenStackState } from '../../preflight/check-stack-state.ts'
import { changesOf, isEmpty, stepsOf, type Plan } from '../../plan/plan.ts'
import type { Refusal } from '../../preflight/refusal.ts'
import { nameRelease } from '../../release/name-release.ts'
import { providePayload } from '../../release/provide-payload.ts'
import { sealOf } from '../../stack/stack-state-copy.ts'
import type { TreeFact } from '../../resources/tree.ts'
import type { Server } from '../../stack/stack.ts'
import { recover } from './recover.ts'
import { type Intent, type Planned, planStack } from './plan-stack.ts'
import { type Session, whereOf } from '../session/session.ts'

/** What is to change beside what the file says, and under which verb the audit trail remembers it. */
export interface Change {
  /** `up`, `deploy`, `drain` … */
  readonly verb: string
  /** The new stack state, from the current one; unless stated, it stays. */
  readonly newState?: Intent['newState']
  /** Looks at what the servers said and at the plan before it is shown; throws where it must not be. */
  readonly check?: (planned: Planned, session: Session) => void
  readonly pace?: Intent['pace']
  readonly tier?: Intent['tier']
  readonly answerWithinSeconds?: Intent['answerWithinSeconds']
  /** What it is about, for the audit trail: the release. */
  readonly about?: () => string
  /** Runs once it is confirmed, before the lock is taken: a build. */
  readonly prepare?: () => Promise<void>
  /** Whether all of it is rolled back, on every server, when it fails on one. */
  readonly rollsBack?: boolean
}

export interface ChangeOptions {
  readonly tell: Tell
  readonly show: (plan: Plan) => void
  /** Asks whether to go on; `--yes` answers true without asking. */
  readonly confirm: (plan: Plan) => Promise<boolean>
  /** True where nobody looks at the plan: should the servers change meanwhile, the new plan is as welcome. */
  readonly isUnwatched?: boolean
  /** How long to wait for another operator's lock. */
  readonly waitSeconds?: number
  readonly signal?: AbortSignal
}

export interface ChangeResult {
  /** `nothing` to do, `applied`, or `declined` by the operator. */
  readonly outcome: 'nothing' | 'applied' | 'declined'
  readonly planned: Planned
}

const usualWaitSeconds = 8

/**
 * Makes the servers what the file and the stack state say: asks them, shows the difference, and once it is confirmed takes the
 * lock, looks again where something may have changed, and applies exactly what was shown.
 * @throws TRI-REPLACE-002 a server is another machine now; TRI-PLAN-001 something is in the way; TRI-PLAN-002 servers changed since; TRI-LOCK-001; TRI-APPLY-001.
 */
export async function changeStack(session: Session, change: Change, options: ChangeOptions): Promise<ChangeResult> {
  const { stack, removed } = session
  refuseReplaced(session)
  const { newState, pace, prepare, tier, answerWithinSeconds } = change
  const firstRelease = await nameRelease({ folder: session.folder })
  const intent = {
    firstRelease,
    ...(newState && { newState }),
    ...(pace && { pace }),
    ...(tier && { tier }),
    ...(answerWithinSeconds !== undefined && { answerWithinSeconds }),
  }
  const planned = await planStack(session, intent, options.tell)
  const { plan, answers } = planned
  refuseObstacles(plan)
  change.check?.(planned, session)
  options.show(plan)
  await rememberStackState(session, numbersOf(answers))
  if (isEmpty(plan)) {
    await rememberServers(session, plan)
    return { outcome: 'nothing', planned }
  }
  if (!(await options.confirm(plan))) return { outcome: 'declined', planned }
  await prepare?.()
  const holders = holdersOf(planned, session)
  const payload = providePayload({
    ...session,
    holders,
    stackState: planned.stackState,
    tell: options.tell,
    ...givenSignal(options),
  })
  const isBuilt = await buildFirst(planned, holders, payload, options)
  // What was shown, and in the stack state what the release is that was built for it.
  const ready = isBuilt ? await planned.anew() : planned
  await session.keepKey()
  const reached = [...stack.servers, ...removed].filter(({ name }) => isObservation(answers.get(name)!))
  await applyUnderLock(session, reached, ready.plan, change, options, {
    planned: ready,
    payload,
    planAgain: () => planStack(session, intent, () => {}),
  })
  await rememberServers(session, ready.plan)
  await rememberStackState(session, given(ready))
  return { outcome: 'applied', planned: ready }
}

const givenSignal = ({ signal }: Pick<ChangeOptions, 'signal'>) => signal && { signal }

/** What no server has is built before the lock is taken: the stack state says what came out of it. */
async function buildFirst(
  { plan, stackState: { release } }: Planned,
  holders: readonly Server[],
  payload: Payload,
  { signal }: ChangeOptions,
): Promise<boolean> {
  const name = `release:${release}`
  const steps = changesOf(plan).flatMap(stepsOf)
  if (holders.length > 0 || steps.every((step) => step.payload !== name)) return false
  await gatherPayloads([name], payload).catch((error: unknown) => {
    // The apply, which comes next, tells of an interruption.
    if (signal?.aborted !== true) throw error
  })
  return true
}

interface MoreToApply {
  /** What was confirmed. */
  readonly planned: Planned
  readonly payload: Payload
  /** Plans once more under the lock, unless nothing can have changed: what was confirmed is what is applied. */
  readonly planAgain: () => Promise<Planned>
}

/** Applies a confirmed plan while holding every reachable server's lock. */
export async function applyUnderLock(
  session: Session,
  reached: readonly Server[],
  plan: Plan,
  { verb, about, rollsBack = false }: Pick<Change, 'verb' | 'about' | 'rollsBack'>,
  options: Pick<ChangeOptions, 'tell' | 'signal' | 'isUnwatched' | 'waitSeconds'>,
  more?: MoreToApply,
): Promise<void> {
  const { tell, signal, waitSeconds = usualWaitSeconds } = options
  const operator = `${userInfo().username}@${hostname()}`
  const { marks, unlock } = await takeLock(reached, { connect: session.connect, holder: operator, waitSeconds })
  try {
    const again = more === undefined || isFresh(more.planned, reached, marks) ? more?.planned : await more.planAgain()
    if (again !== undefined && options.isUnwatched !== true) requireSame(again.plan, plan)
    await writeKnownServers(session.stateFolder, whereOf(session), [...session.stack.servers, ...session.removed])
    const given = signal && { signal }
    const applying = {
      connect: session.connect,
      payload: more?.payload ?? noPayload,
      audit: auditEntry({ operator, command: verb, stack: session.stack.name, ...(about && { about: about() }) }),
      tell,
      ...given,
    }
    const result = await applyPlan(again?.plan ?? plan, applying)
    if (result.ok) return
    if (again !== undefined && rollsBack && !result.isPastReturn)
      await recover(result, again, { ...applying, seal: sealOf(session.stack, session.secrets) }, more!.planAgain)
    else throw stopped(result)
  } finally {
    await unlock()
  }
}

/** What clears servers brings nothing there. */
const noPayload: Payload = (name) => Promise.reject(new Error(`nothing provides ${name}`))

/** After so long even servers that nobody has changed are looked at again: they change by themselves, too. */
const freshSeconds = 30

/** Whether the servers are still as they were when they were asked: it is not long ago, and nobody had the lock since. */
function isFresh({ answers, askedAt }: Planned, reached: readonly Server[], marks: Locks['marks']): boolean {
  if (performance.now() - askedAt > freshSeconds * 1000) return false
  return reached.every(({ name }) => {
    const answer = answers.get(name)
    const mark = answer !== undefined && isObservation(answer) ? answer.lockMark : undefined
    return mark !== undefined && mark === marks.get(name)
  })
}

/** Servers that have the release whole: what another one misses can be fetched from them. */
function holdersOf({ answers, stackState: { release } }: Planned, { stack }: Session): readonly Server[] {
  return stack.servers.filter(({ name }) => {
    const answer = answers.get(name)
    if (answer === undefined || !isObservation(answer)) return false
    const trees = answer.resources.get('tree') as ReadonlyMap<string, TreeFact> | undefined
    // What was changed by hand on one server is not handed on to others.
    return [...(trees ?? [])].some(([path, { is }]) => path.endsWith(`/releases/${release}`) && is === 'whole')
  })
}

function requireSame(now: Plan, shown: Plan): void {
  if (JSON.stringify(now.waves) === JSON.stringify(shown.waves)) return
  throw failure('TRI-PLAN-002', {
    what: 'The servers changed while the plan was shown',
    state: 'nothing was changed by this command',
    next: 'run `trimaran up` again and look at the new plan',
  })
}

/** Both machines would take themselves for the same server. */
function refuseReplaced({ stack, replaced }: Session): void {
  const [old] = replaced
  if (old === undefined) return
  const now = stack.servers.find(({ name }) => name === old.name)
  throw failure('TRI-REPLACE-002', {
    what: `${old.name} was ${old.destination} (${old.address}), and is ${now?.destination} (${now?.address}) in the file`,
    why: `the old machine may still be at work, and take itself for ${old.name}`,
    state: 'nothing was changed on any server',
    next: `\`trimaran replace ${old.name}\` clears the old one, if it lives, and gives its place to the new one`,
  })
}

function refuseObstacles({ refusals }: Plan): void {
  if (refusals.length === 0) return
  const servers = [...new Set(refusals.map(({ server }) => server))]
  const byReason = Map.groupBy(refusals, ({ what, next }) => `${what}\n${next}`)
  throw failure('TRI-PLAN-001', {
    what: `Something stands in the way on ${servers.join(', ')}`,
    why: [...byReason.values()].map(tellRefusals).join('\n'),
    state: 'nothing was changed on any server',
    next: [...byReason.values()].map((alike) => tellNext(alike, byReason.size > 1)).join('\n'),
    details: { refusals },
  })
}

/** `web-1, web-2: what`, and the reason below it. */
function tellRefusals(alike: readonly Refusal[]): string {
  const { what, why } = alike[0]!
  const reason = why === undefined ? [] : why.split('\n').map((line) => `  ${line}`)
  return [`${namesOf(alike)}: ${what}`, ...reason].join('\n')
}

const tellNext = (alike: readonly Refusal[], isNamed: boolean): string =>
  isNamed ? `${namesOf(alike)}: ${alike[0]!.next}` : alike[0]!.next

const namesOf = (refusals: readonly Refusal[]): string => refusals.map(({ server }) => server).join(', ')

function stopped({ failed, waiting }: ApplyResult) {
  const left = waiting.length === 0 ? '' : `; not begun: ${waiting.map(({ title }) => title).join('; ')}`
  return failure('TRI-APPLY-001', {
    what: failed.length === 0 ? 'The apply was interrupted' : `The change failed on ${failed.join(', ')}`,
    state: `what was done before stays, what failed was rolled back${left}`,
    next: 'mend the cause above, then run `trimaran up` again: it goes on from here',
  })
}

/** The numbers of the stack states that were found, or written, by server: so nobody can put back an older one unnoticed. */
async function rememberStackState(session: Session, numbers: SeenStackState): Promise<void> {
  const seen = await readSeenStackState(session.stateFolder, whereOf(session))
  const higher = Object.entries(numbers).filter(([server, number]) => number > (seen[server] ?? 0))
  if (higher.length > 0)
    await writeSeenStackState(session.stateFolder, whereOf(session), { ...seen, ...Object.fromEntries(higher) })
}

const numbersOf = (answers: Answers): SeenStackState =>
  Object.fromEntries(
    [...answers].flatMap(([server, answer]) =>
      isObservation(answer) && answer.stackState !== undefined ? [[server, answer.stackState.number] as const] : [],
    ),
  )

/** Those that were told with the plan. */
const given = ({ plan, stackState }: Planned): SeenStackState =>
  Object.fromEntries(
    changesOf(plan)
      .filter(({ changes }) => changes.some(({ component }) => component === stackPart))
      .map(({ server }) => [server.name, stackState.number]),
  )

/** Members, and removed that could not be reached and so are still to be cleared. */
async function rememberServers(session: Session, plan: Plan): Promise<void> {
  const uncleared = session.removed.filter(({ name }) => plan.unreachable.some(({ server }) => server === name))
  await writeKnownServers(session.stateFolder, whereOf(session), [...session.stack.servers, ...uncleared])
}

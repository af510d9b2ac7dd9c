import { hostname, userInfo } from 'node:os'
import { applyPlan, type ApplyResult } from '../engine/apply-plan.ts'
import type { Tell } from '../engine/event.ts'
import { writeKnownServers } from '../engine/known-servers.ts'
import { takeLock } from '../engine/lock.ts'
import { failure } from '../errors/failure.ts'
import { isObservation } from '../observation/observation.ts'
import { isEmpty, type Plan, type Refusal } from '../plan/plan.ts'
import { nameRelease } from '../release/name-release.ts'
import { providePayload } from '../release/provide-payload.ts'
import type { Server } from '../stack/stack.ts'
import { type Intent, type Planned, planStack } from './plan-stack.ts'
import type { Session } from './session.ts'

/** What is to change beside what the file says, and under which verb the audit trail remembers it. */
export interface Change {
  /** `up`, `deploy`, `drain` … */
  readonly verb: string
  /** New orders, from those that stand; unless stated, they stay. */
  readonly order?: Intent['order']
  /** Looks at what the servers said and at the plan before it is shown; throws where it must not be. */
  readonly judge?: (planned: Planned, session: Session) => void
}

export interface ChangeOptions {
  readonly tell: Tell
  readonly show: (plan: Plan) => void
  /** Asks whether to go on; `--yes` answers true without asking. */
  readonly confirm: (plan: Plan) => Promise<boolean>
  readonly signal?: AbortSignal
}

export interface ChangeResult {
  /** `nothing` to do, `applied`, or `declined` by the operator. */
  readonly outcome: 'nothing' | 'applied' | 'declined'
  readonly planned: Planned
}

/**
 * Makes the servers what the file and the orders say: asks them, shows the difference, and once it is confirmed takes the
 * lock, looks again, and applies exactly what was shown.
 * @throws TRI-PLAN-001 something is in the way; TRI-PLAN-002 servers changed since; TRI-LOCK-001; TRI-APPLY-001.
 */
export async function changeStack(session: Session, change: Change, options: ChangeOptions): Promise<ChangeResult> {
  const { stack, leavers } = session
  const { verb, order } = change
  const intent = { firstRelease: await nameRelease({ folder: session.folder }), ...(order && { order }) }
  const planned = await planStack(session, intent, options.tell)
  const { plan, answers } = planned
  refuseObstacles(plan)
  change.judge?.(planned, session)
  options.show(plan)
  if (isEmpty(plan)) {
    await rememberServers(session, plan)
    return { outcome: 'nothing', planned }
  }
  if (!(await options.confirm(plan))) return { outcome: 'declined', planned }
  await session.keepKey()
  const reached = [...stack.servers, ...leavers].filter(({ name }) => isObservation(answers.get(name)!))
  await applyUnderLock(session, reached, plan, verb, options, {
    holders: holdersOf(planned, session),
    recheck: async () => (await planStack(session, intent, () => {})).plan,
  })
  await rememberServers(session, plan)
  return { outcome: 'applied', planned }
}

interface MoreToApply {
  /** Servers that have the current release, for those that miss it. */
  readonly holders: readonly Server[]
  /** Plans once more under the lock: what was confirmed is what is applied. */
  readonly recheck: () => Promise<Plan>
}

/** Applies a confirmed plan while holding every reachable server's lock. */
export async function applyUnderLock(
  session: Session,
  reached: readonly Server[],
  plan: Plan,
  command: string,
  { tell, signal }: Pick<ChangeOptions, 'tell' | 'signal'>,
  more?: MoreToApply,
): Promise<void> {
  const operator = `${userInfo().username}@${hostname()}`
  const letGo = await takeLock(reached, { connect: session.connect, holder: operator, waitSeconds: 8 })
  try {
    if (more !== undefined) requireSame(await more.recheck(), plan)
    await writeKnownServers(session.stateFolder, whereOf(session), [...session.stack.servers, ...session.leavers])
    const given = signal && { signal }
    const result = await applyPlan(plan, {
      connect: session.connect,
      payload: providePayload({ ...session, holders: more?.holders ?? [], tell, ...given }),
      audit: { operator, command, stack: session.stack.name },
      tell,
      ...given,
    })
    if (!result.ok) throw stopped(result)
  } finally {
    await letGo()
  }
}

/** Servers that have the release whole: what another one misses can be fetched from them. */
function holdersOf({ answers, orders: { release } }: Planned, { stack }: Session): readonly Server[] {
  return stack.servers.filter(({ name }) => {
    const answer = answers.get(name)
    if (answer === undefined || !isObservation(answer)) return false
    return [...(answer.resources.get('tree')?.keys() ?? [])].some((path) => path.endsWith(`/releases/${release}`))
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
    state: `what was done before stays, what failed was taken back${left}`,
    next: 'mend the cause above, then run `trimaran up` again: it goes on from here',
  })
}

/** Members, and leavers that could not be reached and so are still to be cleared. */
async function rememberServers(session: Session, plan: Plan): Promise<void> {
  const uncleared = session.leavers.filter(({ name }) => plan.skipped.some(({ server }) => server === name))
  await writeKnownServers(session.stateFolder, whereOf(session), [...session.stack.servers, ...uncleared])
}

const whereOf = ({ lab }: Session): 'lab' | 'site' => (lab ? 'lab' : 'site')

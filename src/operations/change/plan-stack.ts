import { join } from 'node:path'
import { components } from '../../components/index.ts'
import type { Tell } from '../../events/event.ts'
import { blueprintOf, leavingBlueprintOf, observe } from '../../engine/observe.ts'
import { readSeenStackState } from '../../engine/seen-stack-state.ts'
import { newestPlacedState } from '../../engine/newest-stack-state.ts'
import { failure } from '../../errors/failure.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { createPlan, type Pace } from '../../plan/create-plan.ts'
import { checkStackState, type SeenStackState } from '../../preflight/check-stack-state.ts'
import { keepTier } from '../../plan/keep-tier.ts'
import type { Plan } from '../../plan/plan.ts'
import { readDigests } from '../../release/digests.ts'
import {
  firstStackState,
  isDrained,
  type StackState,
  type Presence,
  settleStackState,
  withDigests,
} from '../../stack/stack-state.ts'
import { excludedNow } from '../../status/excluded.ts'
import { type Server, serversOf, type Stack, type TierName } from '../../stack/stack.ts'
import { type Session, whereOf, withRemoved } from '../session/session.ts'

export interface Planned {
  readonly plan: Plan
  readonly answers: Answers
  /** What the stack was told, or is about to be told with this plan. */
  readonly stackState: StackState
  /** What it was told before. */
  readonly current: StackState
  /** Plans once more from the same answers: a release that was built meanwhile has its digests now. */
  readonly anew: () => Promise<Planned>
  /** When the servers were asked, as `performance.now()` counts. */
  readonly askedAt: number
}

/** What a plan is to be made for, beside what the file says. */
export interface Intent {
  /** Names the release to place where the app was never placed. */
  readonly firstRelease: string
  /** The new stack state, from the current one and what the servers said; unless stated, it stays. */
  readonly newState?: (current: StackState, answers: Answers) => StackState
  readonly pace?: Pace
  /** The only tier that it concerns, if something else is left to do. */
  readonly tier?: TierName
  /** A server that takes longer counts as unreachable. For what must not wait until a dead server has been given up. */
  readonly answerWithinSeconds?: number
}

/**
 * Asks every server, and plans. A stack keeps to its stack state unless the intent changes them.
 * @throws TRI-PLAN-003 when not a single server answers.
 */
export async function planStack(session: Session, intent: Intent, tell: Tell): Promise<Planned> {
  const { stack, removed, connect, secrets } = session
  const askedAt = performance.now()
  const before = withRemoved(session)
  const { answerWithinSeconds } = intent
  const asking = {
    components,
    connect,
    secrets,
    tell,
    ...(answerWithinSeconds !== undefined && { answerWithinSeconds }),
  }
  const [ofMembers, ofRemoved] = await Promise.all([
    observe(stack.servers, { stack, ...asking }),
    observe(removed, { stack: before, ...asking }),
  ])
  return await planFrom(session, intent, { answers: new Map([...ofMembers, ...ofRemoved]), askedAt })
}

async function planFrom(
  session: Session,
  intent: Intent,
  asked: Pick<Planned, 'answers' | 'askedAt'>,
): Promise<Planned> {
  const { stack, removed, secrets } = session
  const { answers, askedAt } = asked
  const servers = [...stack.servers, ...removed]
  const before = withRemoved(session)
  const observations = [...answers.values()].filter(isObservation)
  if (observations.length === 0) throw nobodyAnswered(servers, answers)
  const appSecrets = await session.readAppSecrets()
  const pages = await session.readPages()
  const seen = await readSeenStackState(session.stateFolder, whereOf(session))
  const placed = newestPlacedState(observations)
  const current = placed ?? initialStackState(stack, answers, intent, seen)
  const excluded = excludedNow(answers)
  const presence: Presence = (name) => {
    if (stack.servers.every((server) => server.name !== name)) return 'gone'
    return isObservation(answers.get(name)!) && intent.tier === undefined ? 'told' : 'unreachable'
  }
  const wanted = settleStackState(intent.newState?.(current, answers) ?? current, presence, excluded)
  const stackState = wanted === placed ? wanted : await toldWhatItIs(wanted, session)
  const blueprints = servers.flatMap((server) => {
    const answer = answers.get(server.name)!
    if (!isObservation(answer)) return []
    const context = { facts: answer.host, secret: secrets, appSecrets, pages, stackState }
    const isCleared = answer.manifest.length === 0
    return removed.includes(server) && !isCleared
      ? [leavingBlueprintOf(server, before, components, context)]
      : [blueprintOf(server, stack, components, context)]
  })
  const unreachable = servers
    .filter(({ name }) => !isObservation(answers.get(name)!))
    .map((server) => ({ server, parts: [] }))
  // Who was unreachable gets the release before its neighbours send anything there again.
  const isBack = excluded.some((name) => stackState.excluded?.includes(name) !== true)
  const plan = createPlan(stack, [...blueprints, ...unreachable], answers, components, isBack ? 'careful' : intent.pace)
  const { refusals, warnings } = checkStackState(answers, seen, stack.name)
  const checked = {
    ...plan,
    // Another key makes all copies worth nothing, too: that is said alone.
    refusals: plan.refusals.length > 0 ? plan.refusals : refusals,
    warnings: [...warnings, ...plan.warnings],
  }
  return {
    plan: intent.tier === undefined ? checked : keepTier(checked, intent.tier, stack),
    answers,
    stackState,
    current,
    askedAt,
    anew: () => planFrom(session, intent, asked),
  }
}

/** Only who built a release knows what it is; what was fetched from a server is no proof of itself. */
async function toldWhatItIs(stackState: StackState, { stateFolder }: Session): Promise<StackState> {
  if (stackState.digests?.[stackState.release] !== undefined) return stackState
  const digests = await readDigests(join(stateFolder, 'releases'), stackState.release)
  return digests === undefined ? stackState : withDigests(stackState, digests)
}

/** Where nothing stands yet. What stood once, and is gone everywhere, never counts again. */
function initialStackState(stack: Stack, answers: Answers, { firstRelease }: Intent, seen: SeenStackState): StackState {
  return {
    ...firstStackState(firstRelease),
    number: Math.max(0, ...Object.values(seen)) + 1,
    ...(stack.declared.app.release !== undefined && commandServer(stack, answers)),
  }
}

/**
 * Names the app server that runs the release command: the first one that answers and serves, or, where all are drained, the
 * first one that answers. Without it the release would serve later, when one is put back, and nobody would have migrated.
 */
export function commandServer(
  stack: Stack,
  answers: Answers,
  stackState: Pick<StackState, 'drained'> = { drained: [] },
): { readonly commandOn: string } | undefined {
  const alive = serversOf(stack, 'app').filter(({ name }) => isObservation(answers.get(name)!))
  const first = alive.find(({ name }) => !isDrained(stackState, name)) ?? alive[0]
  return first === undefined ? undefined : { commandOn: first.name }
}

function nobodyAnswered(servers: readonly Server[], answers: Answers) {
  const unreachable = servers.flatMap(({ name }) => {
    const answer = answers.get(name)
    return answer === undefined || isObservation(answer) ? [] : [{ name, ...answer }]
  })
  const alike = [...Map.groupBy(unreachable, ({ unreachable }) => unreachable)]
  return failure('TRI-PLAN-003', {
    what: 'None of the servers answered',
    why: alike.map(([why, those]) => `${those.map(({ name }) => name).join(', ')}: ${why}`).join('\n'),
    next: unreachable[0]?.refused?.next ?? 'check the network and the destinations with `trimaran check`',
  })
}

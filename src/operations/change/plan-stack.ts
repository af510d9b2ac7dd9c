import { join } from 'node:path'
import type { Blueprint } from '../../blueprint/blueprint.ts'
import type { RenderContext } from '../../components/component.ts'
import { components } from '../../components/index.ts'
import { lookAtTrees } from '../../engine/look-at-trees.ts'
import { blueprintOf, leavingBlueprintOf } from '../../engine/observe.ts'
import { readSeenStackState } from '../../engine/seen-stack-state.ts'
import { newestPlacedState } from '../../engine/newest-stack-state.ts'
import { failure } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { createPlan, type Pace } from '../../plan/create-plan.ts'
import { countSteps, planStateAlone } from '../../plan/plan-state-alone.ts'
import { keepTier } from '../../plan/keep-tier.ts'
import type { Plan } from '../../plan/plan.ts'
import { findGivenUpData } from '../../preflight/find-given-up-data.ts'
import { warnOfOldRelease } from '../../preflight/warn-of-old-release.ts'
import { checkStackState, type SeenStackState } from '../../preflight/check-stack-state.ts'
import { readDigests } from '../../release/digests.ts'
import { nameRelease } from '../../release/name-release.ts'
import {
  changeRelease,
  firstStackState,
  isDrained,
  type StackState,
  type Presence,
  settleStackState,
  withDigests,
} from '../../stack/stack-state.ts'
import { hasTier, type Server, serversOf, type TierName } from '../../stack/stack.ts'
import { excludedNow } from '../../status/excluded.ts'
import { neverServed } from '../../status/never-served.ts'
import { ignoreEvents } from '../emit.ts'
import { queryOrImagine, queryServers } from '../session/query-servers.ts'
import { refuseBareServers } from './refuse-bare-servers.ts'
import { learnFromBlueprints } from '../session/learn-secrets.ts'
import { type Session, whereOf } from '../session/session.ts'
import { withRemoved } from '../session/stack-of.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** What a plan is to be made for, beside what the file says. */
export interface Wish {
  /** New stackState, from those that stand and what the servers said; unless stated, they stay. */
  readonly newState?: (current: StackState, answers: Answers) => StackState
  readonly pace?: Pace
  /** The only tier that is changed, even if other tiers differ, too. */
  readonly tier?: TierName
  /** True where the new state alone is placed: what is pending in the file stays pending. */
  readonly isStateOnly?: boolean
  /** With `isStateOnly`: a state as it would be without this wish. What was cut off before every server had it, is found by it. */
  readonly without?: (state: StackState) => StackState
  /** A server that this puts back into service: where it was excluded, it gets all that it missed, too. */
  readonly returning?: string
  /** Whether the last servers of a tier may leave with the data that they hold. */
  readonly givesUpData?: boolean
  /** A server that takes longer counts as unreachable; for commands that must not wait for a dead server. */
  readonly answerWithinSeconds?: number
}

/** What would be done, and the answers from which it was planned. */
export interface Proposal {
  readonly plan: Plan
  readonly answers: Answers
  /** The stack state that this plan brings to the servers, or that they have already. */
  readonly stackState: StackState
  /** The stack state before. */
  readonly current: StackState
  /** Whether it is all that the file and the stack state ask for, and not one part of it. */
  readonly isWhole: boolean
  /** When the servers were asked, as `performance.now()` counts. */
  readonly askedAt: number
  /** Plans again from the same answers: a release that was built in the meantime has its digests now. */
  readonly planAgain: () => Promise<Proposal>
  /** Asks the servers again, and plans for the same wish. */
  readonly askAgain: () => Promise<Proposal>
}

/**
 * Asks every server, and plans. A stack keeps its current state unless the wish changes it.
 * @throws TRI-PLAN-003 when not a single server answers.
 */
export async function planStack(session: Session, wish: Wish, emit: Emit): Promise<Proposal> {
  let name: Promise<string> | undefined
  const firstRelease = (): Promise<string> => (name ??= nameRelease({ folder: session.folder }))
  return await askAndPlan(session, { ...wish, firstRelease }, emit)
}

/** With the name of the release to place where the app never served; asked for there alone, and once. */
interface NamedWish extends Wish {
  readonly firstRelease: () => Promise<string>
}

async function askAndPlan(session: Session, wish: NamedWish, emit: Emit): Promise<Proposal> {
  const { stack, removed, connect, secrets } = session
  const { answerWithinSeconds } = wish
  const asking = { emit, ...(answerWithinSeconds !== undefined && { answerWithinSeconds }) }
  const askedAt = performance.now()
  const [ofMembers, ofRemoved] = await Promise.all([
    queryOrImagine(stack.servers, session, asking),
    queryServers(removed, { stack: withRemoved(session), connect, secrets }, asking),
  ])
  return await planFrom(new Map([...ofMembers, ...ofRemoved]), askedAt, session, wish)
}

async function planFrom(said: Answers, askedAt: number, session: Session, wish: NamedWish): Promise<Proposal> {
  const { stack, removed } = session
  const servers = [...stack.servers, ...removed]
  if (![...said.values()].some(isObservation)) throw nobodyAnswered(servers, said)
  if (wish.isStateOnly === true) refuseBareServers(said)
  const texts = { appSecrets: await session.readAppSecrets(), pages: await session.readPages() }
  const seen = await readSeenStackState(session.stateFolder, whereOf(session))
  const told = await stateFor(said, session, wish, seen)
  const blueprints = renderBlueprints(servers, said, { ...texts, stackState: told.stackState }, session)
  learnFromBlueprints(blueprints)
  const answers = await lookAtTrees(blueprints, said, session)
  const planFor = (some: readonly Blueprint[]): Plan =>
    createPlan(stack, some, answers, components, told.isBack ? 'careful' : wish.pace)
  const earlier = (): StackState =>
    told.stackState === told.current ? (wish.without?.(told.current) ?? told.current) : told.current
  const before = (): readonly Blueprint[] =>
    renderBlueprints(servers, said, { ...texts, stackState: earlier() }, session)
  const { returning } = wish
  const excluded = [...(told.current.excluded ?? []), ...excludedNow(said)]
  const whole = returning !== undefined && excluded.includes(returning) ? returning : undefined
  const plan =
    wish.isStateOnly === true
      ? planStateAlone({ before: before(), wanted: blueprints, whole }, answers, planFor)
      : planFor(blueprints)
  // Where the state alone changes, no server gets what the file says, and none is cleared.
  const leavesFile = wish.isStateOnly === true && whole === undefined
  const givenUp = wish.givesUpData === true || leavesFile ? [] : findGivenUpData(stack, removed, answers, components)
  // Whoever changes the release, or the state alone, is not told what a release would bring.
  const old =
    wish.newState === undefined ? warnOfOldRelease(stack, told.stackState, { hasSteps: plan.waves.length > 0 }) : []
  const checked = withStateChecked(
    { ...plan, refusals: [...givenUp, ...plan.refusals], warnings: [...plan.warnings, ...old] },
    checkStackState(answers, seen, stack.name),
  )
  return {
    plan: wish.tier === undefined ? checked : keepTier(checked, wish.tier, stack),
    answers,
    stackState: told.stackState,
    current: told.current,
    isWhole:
      wish.tier === undefined && (wish.isStateOnly !== true || countSteps(plan) === countSteps(planFor(blueprints))),
    askedAt,
    planAgain: () => planFrom(answers, askedAt, session, wish),
    askAgain: () => askAndPlan(session, wish, ignoreEvents),
  }
}

interface Told {
  readonly stackState: StackState
  readonly current: StackState
  /**
   * Whether a server that its neighbours excluded is back: it gets the release before they send requests there again.
   */
  readonly isBack: boolean
}

/** The current stack state, and the one that the wish asks for. */
async function stateFor(answers: Answers, session: Session, wish: NamedWish, seen: SeenStackState): Promise<Told> {
  const placed = newestPlacedState([...answers.values()].filter(isObservation))
  const current = await currentState(placed, answers, session, wish, seen)
  const excluded = excludedNow(answers)
  const presence: Presence = (name) => {
    if (session.stack.servers.every((server) => server.name !== name)) return 'gone'
    // Who is back without what it missed stays excluded: it would answer with the release that it ran last.
    const isMeant = wish.tier === undefined && (wish.isStateOnly !== true || wish.returning === name)
    return isMeant && isObservation(answers.get(name)!) ? 'told' : 'unreachable'
  }
  const wanted = settleStackState(wish.newState?.(current, answers) ?? current, presence, excluded)
  const stackState = wanted === placed ? wanted : await toldWhatItIs(wanted, session)
  return { stackState, current, isBack: excluded.some((name) => stackState.excluded?.includes(name) !== true) }
}

/**
 * What counts before the wish. Where the first release never came up, nobody has to go on with it: what was fixed meanwhile, in the
 * app or in how it is built, is released in its place. The release of a site of files alone has nothing for an app that was added.
 */
async function currentState(
  placed: StackState | undefined,
  answers: Answers,
  session: Session,
  wish: NamedWish,
  seen: SeenStackState,
): Promise<StackState> {
  if (placed === undefined) return await initialStackState(session, answers, wish, seen)
  const isNever = neverServed(session.stack, answers, placed)
  if (wish.newState !== undefined || !(isNever || lacksApp(session.stack, placed))) return placed
  const hasCommand = session.stack.declared.app.release !== undefined
  return changeRelease(placed, await wish.firstRelease(), {
    neverServed: isNever,
    ...(hasCommand && commandServer(session.stack, answers, placed)),
  })
}

const lacksApp = (stack: Session['stack'], { release, digests = {} }: StackState): boolean =>
  hasTier(stack, 'app') && digests[release] !== undefined && digests[release].app === undefined

/** The blueprint of each server; it is empty for a server that does not answer. */
function renderBlueprints(
  servers: readonly Server[],
  answers: Answers,
  told: Pick<RenderContext, 'appSecrets' | 'pages' | 'stackState'>,
  session: Session,
): readonly Blueprint[] {
  const { stack, removed, secrets } = session
  const before = withRemoved(session)
  const answered = servers.flatMap((server) => {
    const answer = answers.get(server.name)!
    if (!isObservation(answer)) return []
    const context = { ...told, facts: answer.host, secret: secrets }
    const isCleared = answer.manifest.length === 0
    // Where all of a tier goes, nothing is known any more of how its servers were: they are not drained, only cleared at the end.
    return removed.includes(server) && !isCleared && hasTier(stack, server.tier)
      ? [leavingBlueprintOf(server, before, components, context)]
      : [blueprintOf(server, stack, components, context)]
  })
  const unreachable = servers.filter(({ name }) => !isObservation(answers.get(name)!))
  return [...answered, ...unreachable.map((server) => ({ server, parts: [] }))]
}

/** With another key all copies look unsigned, too: where there are other refusals, only those are shown. */
const withStateChecked = (plan: Plan, { refusals, warnings }: ReturnType<typeof checkStackState>): Plan => ({
  ...plan,
  refusals: plan.refusals.length > 0 ? plan.refusals : refusals,
  warnings: [...warnings, ...plan.warnings],
})

/** Only the computer that built a release knows its digests; an archive from a server does not prove itself. */
async function toldWhatItIs(
  stackState: StackState,
  { stateFolder }: Pick<Session, 'stateFolder'>,
): Promise<StackState> {
  if (stackState.digests?.[stackState.release] !== undefined) return stackState
  const digests = await readDigests(join(stateFolder, 'releases'), stackState.release)
  return digests === undefined ? stackState : withDigests(stackState, digests)
}

/**
 * Of a stack with nothing placed yet. Its number is higher than any that was seen before: a lost stack state must never
 * be valid again.
 */
async function initialStackState(
  { stack }: Pick<Session, 'stack'>,
  answers: Answers,
  { firstRelease }: NamedWish,
  seen: SeenStackState,
): Promise<StackState> {
  return {
    ...firstStackState(await firstRelease()),
    number: Math.max(0, ...Object.values(seen)) + 1,
    ...(stack.declared.app.release !== undefined && commandServer(stack, answers)),
  }
}

/**
 * Names the app server that runs the release command: the first one that answers and serves or, where all are drained,
 * the first one that answers. Without it, a server that is put back later would serve a release whose migration never
 * ran.
 */
export function commandServer(
  stack: Session['stack'],
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
  const alike = [...Map.groupBy(unreachable, (one) => one.unreachable)]
  return failure('TRI-PLAN-003', {
    what: 'None of the servers answered',
    why: alike.map(([why, those]) => `${those.map(({ name }) => name).join(', ')}: ${why}`).join('\n'),
    next: unreachable[0]?.refused?.next ?? `check the network and the destinations with ${trimaran('check')}`,
  })
}

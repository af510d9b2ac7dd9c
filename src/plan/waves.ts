import { type Component, having } from '../components/component.ts'
import { kindOf } from '../resources/kinds.ts'
import { fileAt } from '../resources/manifest.ts'
import type { Step } from '../resources/resource.ts'
import { preRemovePath } from '../resources/state-folder.ts'
import type { Stack, TierName } from '../stack/stack.ts'
import { isSlotSwitch, splitRestarts } from './change-server.ts'
import { type HandOverContext, handOverWaves, isLeader, unitsThatHandOver, whilePaused } from './hand-over.ts'
import { type ServerPlan, type ServerChange, stepsOf, type Wave } from './plan.ts'

export interface WaveContext extends HandOverContext {
  readonly stack: Pick<Stack, 'links'>
  /** Every server that answered, with or without changes. */
  readonly present: readonly ServerPlan[]
}

/** What happens to the servers of one tier, in safe order. */
export function tierWaves(tier: TierName, members: readonly ServerPlan[], context: WaveContext): readonly Wave[] {
  const { stack } = context
  const all = members.filter(({ change }) => change.server.tier === tier)
  // A step for the whole tier, such as a migration, is done before any server begins.
  const first = all.filter(({ change }) => stepsOf(change).some(({ kind }) => kindOf(kind).isForTier === true))
  const here = all.filter((serverPlan) => !first.includes(serverPlan))
  const opening = waveOf(tier, changesOf(first))
  const fresh = here.filter(({ change, observation }) => change.disturbs === 'nothing' && !isLeader(observation))
  const serving = here.filter((serverPlan) => !fresh.includes(serverPlan))
  const callEachOther = stack.links.some(({ from, to }) => from === tier && to === tier)
  if (!callEachOther)
    return [
      ...opening,
      ...freshWaves(tier, fresh, first.length > 0, context),
      ...gentleWaves(tier, serving, first.length > 0),
      ...restartWaves(tier, serving, context),
    ]
  // New servers call the existing ones, which must accept them first.
  const split = serving.map(({ change, observation }) => ({ ...splitRestarts(change), observation }))
  const gentle = split.flatMap(({ gentle: change, observation }) =>
    change === undefined ? [] : [{ change, observation }],
  )
  const restarts = split.flatMap(({ restarts: change, observation }) =>
    change === undefined ? [] : [{ change, observation }],
  )
  return [
    ...opening,
    ...gentleWaves(tier, gentle),
    ...waveOf(tier, changesOf(fresh)),
    ...restartWaves(tier, restarts, context),
  ]
}

/** All at once; but one first where they start something that runs on no server yet. */
function freshWaves(
  tier: TierName,
  fresh: readonly ServerPlan[],
  isTried: boolean,
  { present }: WaveContext,
): readonly Wave[] {
  const runs = ({ kind, name }: Step): boolean =>
    present.some(({ observation: { resources } }) => {
      const fact = resources.get(kind)?.get(name)
      return fact !== undefined && kindOf(kind).runs?.(fact) === true
    })
  const isNew = fresh.some(({ change }) => stepsOf(change).some((step) => step.isTrial === true && !runs(step)))
  const trial = isNew && !isTried ? 1 : 0
  return [...waveOf(tier, changesOf(fresh.slice(0, trial))), ...waveOf(tier, changesOf(fresh.slice(trial)))]
}

/** One first, as a trial, unless one was done already; then the others; the leader last. */
function gentleWaves(tier: TierName, serving: readonly ServerPlan[], isTried = false): readonly Wave[] {
  const gentle = serving.filter(({ change }) => change.disturbs !== 'restart')
  const followers = changesOf(gentle.filter(({ observation }) => !isLeader(observation)))
  const leaders = changesOf(gentle.filter(({ observation }) => isLeader(observation)))
  const trial = isTried ? 0 : 1
  return [
    ...waveOf(tier, followers.slice(0, trial)),
    ...batches(followers.slice(trial)).flatMap((batch) => waveOf(tier, batch)),
    ...leaders.flatMap((change) => waveOf(tier, [change])),
  ]
}

const smallestBatch = 3

/**
 * Servers that move to their other place do so in batches of a third of the tier, at least three. Each runs what is new
 * beside what is old for some seconds, with twice the memory and twice the database connections; and what only shows
 * under load then shows while most servers still serve as before.
 */
function batches(changes: readonly ServerChange[]): readonly (readonly ServerChange[])[] {
  const size = changes.some((change) => stepsOf(change).some(isSlotSwitch))
    ? Math.max(smallestBatch, Math.ceil((changes.length + 1) / 3))
    : Math.max(1, changes.length)
  return Array.from({ length: Math.ceil(changes.length / size) }, (_, index) =>
    changes.slice(index * size, (index + 1) * size),
  )
}

/** One by one; the one that leads last, after another one leads in its place. */
function restartWaves(tier: TierName, serving: readonly ServerPlan[], context: HandOverContext): readonly Wave[] {
  const restarted = serving.filter(({ change }) => change.disturbs === 'restart')
  const followers = changesOf(restarted.filter(({ observation }) => !isLeader(observation))).flatMap((change) =>
    waveOf(tier, [change]),
  )
  const leaders = restarted.filter(({ observation }) => isLeader(observation))
  const isFirst = ({ change }: ServerPlan): boolean => stepsOf(change).some(({ leaderFirst }) => leaderFirst === true)
  const inPlace = leaders.filter(isFirst)
  return [
    ...inPlace.flatMap((serverPlan) => whilePaused(serverPlan, waveOf(tier, [serverPlan.change]), context)),
    ...followers,
    ...leaders
      .filter((serverPlan) => !inPlace.includes(serverPlan))
      .flatMap((serverPlan) => [
        ...handOverWaves(serverPlan, 'another server leads before this one restarts', context),
        ...waveOf(tier, [serverPlan.change]),
      ]),
  ]
}

/**
 * A drained server that leads: what comes before the component that hands over happens first, such as that visitors are told
 * to come again; then another one leads; then the rest.
 */
export function stepAsideWaves(
  tier: TierName,
  serverPlan: ServerPlan,
  context: HandOverContext,
  why: 'is drained' | 'leaves' = 'is drained',
): readonly Wave[] {
  const { change, observation } = serverPlan
  const moving = handOverWaves(serverPlan, `it leads, and ${why}: another server leads in its place`, context)
  const [first] = unitsThatHandOver(observation, context)
  const position = change.changes.findIndex(({ component }) => component === first?.component)
  const cut = position === -1 ? change.changes.length : position
  const part = (changes: ServerChange['changes']): readonly Wave[] =>
    changes.length === 0 ? [] : waveOf(tier, [{ ...change, changes }])
  return [...part(change.changes.slice(0, cut)), ...moving, ...part(change.changes.slice(cut))]
}

/** Servers with a pre-remove program leave one by one, the leading one last; all others together. */
export function removalWaves(removed: readonly ServerPlan[], components: readonly Component[]): readonly Wave[] {
  const title = 'removed servers'
  const hasPreRemove = ({ observation }: ServerPlan): boolean =>
    having(components, 'preRemoves').some(
      ({ role }) => fileAt(observation.manifest, preRemovePath(role.unit)) !== undefined,
    )
  const unannounced = removed.filter((serverPlan) => !hasPreRemove(serverPlan))
  const others = removed.filter(hasPreRemove)
  const leading = others.filter(({ observation }) => isLeader(observation))
  const oneByOne = [...others.filter((serverPlan) => !leading.includes(serverPlan)), ...leading]
  return [...waveOf(title, changesOf(unannounced)), ...changesOf(oneByOne).flatMap((change) => waveOf(title, [change]))]
}

/** The whole stack is removed: callers before the servers that they call, tier by tier. */
export function removeTogether(removed: readonly ServerPlan[], order: readonly TierName[]): readonly Wave[] {
  return order
    .toReversed()
    .flatMap((tier) => waveOf(tier, changesOf(removed.filter(({ change }) => change.server.tier === tier))))
}

const changesOf = (serverPlans: readonly ServerPlan[]): readonly ServerChange[] =>
  serverPlans.map(({ change }) => change)

export function waveOf(subject: string, changes: readonly ServerChange[]): readonly Wave[] {
  if (changes.length === 0) return []
  const names = changes.map(({ server }) => server.name)
  const listed = names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  return [{ title: `${subject}: ${listed}`, changes }]
}

import { releaseAt, roleOf } from '../components/index.ts'
import type { Plan, ServerChange } from '../plan/plan.ts'
import { changesOf, isEmpty, stepsOf } from '../plan/plan.ts'
import { isOfWhatRuns, kindOf } from '../resources/kinds.ts'
import type { Step } from '../resources/resource.ts'
import type { StackState } from '../stack/stack-state.ts'
import { columns } from './columns.ts'
import { showPlan } from './show-plan.ts'
import type { Tone } from './tone.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** Leads to the static files that visitors get. */
const publicLink = `${roleOf('holdsReleases', ({ archive }) => archive === 'static').folder}/current`

export interface ShowDeployOptions {
  readonly tone: Tone
  readonly width?: number
  /** Completes the commands that a text suggests. */
  readonly inPlace: (text: string) => string
  readonly verb: 'deploy' | 'rollback'
  /** Where the release comes from. */
  readonly source: string
  readonly current: StackState
  readonly stackState: StackState
}

/** A deploy in a few lines: who gets what, in which order. What the file changes besides is shown as any plan is. */
export function showDeploy(plan: Plan, options: ShowDeployOptions): string {
  const { tone, width, verb, source, current, stackState } = options
  const page = { tone, ...(width !== undefined && { width }) }
  const title = verb === 'rollback' ? `Back to ${stackState.release}` : `Release ${stackState.release}`
  const rows = isEmpty(plan) ? [] : rowsOf(plan, options)
  const head = `${tone.bold(title)} of ${plan.stack}, from ${source}`
  const body = rows.length === 0 ? [] : [columns(rows, { indent: '  ' })]
  const others = withoutRoutine(plan, current, stackState)
  const besides = isEmpty(others)
    ? notesOf(plan, tone)
    : [`The config changed, too:\n\n${showPlan({ ...others, remarks: [] }, page)}`]
  return [[head, ...body].join('\n'), ...besides].join('\n\n')
}

const notesOf = (plan: Plan, tone: Tone): readonly string[] => {
  const text = showPlan({ ...plan, waves: [], remarks: [] }, { tone })
  return text === '' ? [] : [text]
}

function rowsOf(plan: Plan, { current, stackState, inPlace }: ShowDeployOptions): readonly (readonly string[])[] {
  const all = changesOf(plan)
  const having = (isWanted: (step: Step) => boolean): readonly string[] =>
    all.filter((change) => stepsOf(change).some(isWanted)).map(({ server }) => server.name)
  const row = (name: string, servers: readonly string[], rest: string): readonly (readonly string[])[] =>
    servers.length === 0 ? [] : [[name, `${listed(servers)}${rest}`]]
  const command = all.flatMap(stepsOf).find(isForTier)
  return [
    ...(current.release === stackState.release ? [] : [['instead of', current.release]]),
    ...row(
      'excludes',
      (stackState.excluded ?? []).filter((name) => current.excluded?.includes(name) !== true),
      inPlace(`, unreachable now, until ${trimaran('up')} reaches it`),
    ),
    ...row(
      'ships to',
      having(({ payload }) => payload !== undefined),
      '',
    ),
    ...row('runs', having(isForTier), `: ${command?.reason.replace(/, once for .*/, '') ?? ''}, once`),
    ...turnsOf(plan),
    ...row(
      'web',
      having(({ name }) => name === publicLink),
      ': files switch at once, last',
    ),
    ...row(
      'removes',
      [
        ...new Set(
          all
            .flatMap(stepsOf)
            .filter(({ action }) => action === 'remove')
            .flatMap(({ name }) => releaseAt(name) ?? []),
        ),
      ],
      ', the oldest',
    ),
  ]
}

/** Who changes to the new release when. */
function turnsOf(plan: Plan): readonly (readonly string[])[] {
  const rolls = plan.waves
    .map(({ changes }) => changes.filter(rollsOver).map(({ server }) => server.name))
    .filter((names) => names.length > 0)
  return rolls.map((names, position) => [
    position === 0 ? 'app' : '',
    `${position === 0 ? (rolls.length > 1 ? 'first ' : '') : 'then '}${listed(names)}${
      position > 0 ? '' : ': it starts beside the old one, and gets requests once it is well'
    }`,
  ])
}

const rollsOver = (change: ServerChange): boolean =>
  stepsOf(change).some((step) => isOfWhatRuns(step) && isOfRelease(step) && step.action !== 'stop')

const isOfRelease = ({ kind }: Step): boolean => kindOf(kind).isOfRelease === true

const isForTier = ({ kind }: Step): boolean => kindOf(kind).isForTier === true

/** The plan without what every deploy changes. */
function withoutRoutine(plan: Plan, current: StackState, stackState: StackState): Plan {
  const waves = plan.waves.flatMap((wave) => {
    const changes = wave.changes
      .map((change) => ({
        ...change,
        changes: change.changes
          .map(({ component, steps }) => ({
            component,
            steps: withoutToldUnits(
              steps.filter((step) => !isRoutine(step, component, current, stackState)),
              steps,
            ),
          }))
          .filter(({ steps }) => steps.length > 0),
      }))
      .filter(({ changes: rest }) => rest.length > 0)
    return changes.length === 0 ? [] : [{ ...wave, changes }]
  })
  return { ...plan, waves }
}

function isRoutine(step: Step, component: string, current: StackState, stackState: StackState): boolean {
  const { diff } = step
  if (isOfRelease(step) || component === 'stack') return true
  if (diff === undefined) return false
  return excludingNobody(diff.before.replaceAll(current.release, stackState.release)) === excludingNobody(diff.after)
}

/** Servers that are excluded, or no longer, have a line of their own. */
const excludingNobody = (config: string): string => config.replaceAll(/^( *server .*) disabled$/gm, '$1')

/** What is left where only routine files changed: their units need not be named either. */
const withoutToldUnits = (left: readonly Step[], all: readonly Step[]): readonly Step[] =>
  left.length < all.length && left.every(isOfWhatRuns) ? [] : left

function listed(names: readonly string[]): string {
  const all = [...new Set(names)]
  if (all.length > 6) return `${all.slice(0, 5).join(', ')} and ${all.length - 5} more`
  return all.length < 3 ? all.join(' and ') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

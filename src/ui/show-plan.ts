import { stripVTControlCharacters } from 'node:util'
import { listRuns } from '../explain/text.ts'
import type { ComponentChange, Plan, ServerChange, Wave } from '../plan/plan.ts'
import { changesOf, isEmpty, stepsOf } from '../plan/plan.ts'
import { countOf, kindOf, objectOf } from '../resources/kinds.ts'
import type { Disturbance, Step } from '../resources/resource.ts'
import { displayWidth } from './display-width.ts'
import { changedRows, type Shown, showDiff } from './show-diff.ts'
import type { Tone } from './tone.ts'
import { wrapCell } from './wrap-cell.ts'

export interface ShowPlanOptions {
  readonly tone: Tone
  /** Lists each step of servers that are set up for the first time, too. */
  readonly everything?: boolean
  /** Columns of the terminal; unless stated, lines are as long as they are. */
  readonly width?: number
}

const signs: Readonly<Record<Step['action'], string>> = {
  install: '+',
  create: '+',
  change: '~',
  remove: '-',
  start: '▸',
  reload: '↻',
  restart: '↺',
  check: '?',
  stop: '■',
  'switch slot': '↻',
  'hand over': '⇄',
  pause: '‖',
  resume: '▸',
  run: '▸',
}

const disturbances: Readonly<Record<Disturbance, string>> = {
  nothing: '',
  reload: 'reload, no connection is lost',
  restart: 'restart',
}

/** The plan as text: refusals and warnings first, then wave by wave what changes on which server, with diffs. */
export function showPlan(plan: Plan, options: ShowPlanOptions): string {
  const { tone } = options
  const notes = [
    ...plan.unreachable.map(
      ({ server, why }) => `${tone.yellow('!')} ${server} is unreachable: ${why.replaceAll('\n', '\n  ')}`,
    ),
    ...(plan.remarks ?? []).map((text) => `${tone.dim('·')} ${text}`),
    ...plan.warnings.map((text) => `${tone.yellow('!')} ${text.replaceAll('\n', '\n  ')}`),
    ...[...Map.groupBy(plan.refusals, ({ what, next }) => `${what.replaceAll('\n', '\n  ')}\n    → ${next}`)].map(
      ([text, alike]) => `${tone.red('✖')} ${listRuns(alike.map(({ server }) => server))}: ${text}`,
    ),
  ]
  const shown: Shown = new Map()
  const body = isEmpty(plan)
    ? []
    : [headline(plan, tone), ...plan.waves.map((wave, index) => showWave(wave, index + 1, shown, options))]
  return [...body, ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n')
}

const headline = (plan: Plan, tone: Tone): string => `${tone.bold(`Plan for ${plan.stack}`)}: ${countPlan(plan)}`

/** `52 steps on 5 servers, in 7 waves` */
export function countPlan(plan: Plan): string {
  const changes = changesOf(plan)
  const servers = new Set(changes.map(({ server }) => server.name)).size
  const steps = changes.flatMap(stepsOf).length
  return `${count(steps, 'step')} on ${count(servers, 'server')}, in ${count(plan.waves.length, 'wave')}`
}

function showWave(wave: Wave, number: number, shown: Shown, options: ShowPlanOptions): string {
  const { tone } = options
  const isBrief = ({ isNew, manifest }: ServerChange): boolean =>
    options.everything !== true && (isNew || manifest.length === 0)
  const alike = Map.groupBy(wave.changes, (change) =>
    isBrief(change)
      ? JSON.stringify([change.changes.map(({ component }) => component), summariesOf(change)])
      : JSON.stringify(whatItDoes(change)),
  )
  const blocks = [...alike.values()].map((changes) =>
    isBrief(changes[0]!) ? summariseServers(changes, options) : showServers(changes, shown, options),
  )
  return [`${tone.dim(String(number).padStart(2))} ${tone.bold(wave.title)}`, ...blocks].join('\n')
}

/** All that is shown of a change but the server's name: where it is the same, it is shown once. */
const whatItDoes = ({ isNew, disturbs, changes }: ServerChange): unknown => [
  isNew,
  disturbs,
  changes.map(({ component, steps }) => [
    component,
    steps.map(({ kind, name, action, reason, diff }) => [kind, name, action, reason, diff && changedRows(diff)]),
  ]),
]

/** Servers that are set up for the first time, or on which nothing stays: a line for each component is enough. */
function summariseServers(alike: readonly ServerChange[], options: ShowPlanOptions): string {
  const { changes, isNew } = alike[0]!
  const { tone } = options
  const names = [...new Set(changes.map(({ component }) => component))]
  const width = Math.max(...names.map((component) => component.length), 0)
  const rows = summariesOf(alike[0]!).flatMap((summary, index) =>
    below(`      ${names[index]!.padEnd(width)}  `, tone.dim(summary), options),
  )
  return [`   ${isNew ? tone.green('+') : tone.red('-')} ${namesOf(alike)}`, ...rows].join('\n')
}

/** What each component of a server does, in a few words. */
const summariesOf = ({ changes, isNew }: ServerChange): readonly string[] =>
  [...Map.groupBy(changes, ({ component }) => component).values()].map((parts) =>
    summarise(
      parts.flatMap(({ steps }) => steps),
      isNew,
    ),
  )

const namesOf = (alike: readonly ServerChange[]): string => listRuns(alike.map(({ server }) => server.name))

function summarise(steps: readonly Step[], isNew: boolean): string {
  const groups = Map.groupBy(steps, ({ kind }) => kind)
  return [...groups]
    .map(([kind, list]) => {
      const summary = kindOf(kind).summarise?.(list, isNew)
      return summary ?? `${isNew ? '' : 'removes '}${countOf(kind, list.length)}`
    })
    .join(', ')
}

function showServers(alike: readonly ServerChange[], shown: Shown, options: ShowPlanOptions): string {
  const { disturbs, changes, server } = alike[0]!
  const { tone } = options
  const note = disturbances[disturbs]
  const head = `   ${tone.yellow('~')} ${namesOf(alike)}${note === '' ? '' : tone.dim(`  ${note}`)}`
  return [head, ...changes.flatMap((one) => showComponent(one, server.name, shown, options))].join('\n')
}

function showComponent(
  { component, steps }: ComponentChange,
  server: string,
  shown: Shown,
  options: ShowPlanOptions,
): readonly string[] {
  const { tone } = options
  return steps.flatMap((step) => [
    ...below(
      `      ${colourOf(step, tone)(signs[step.action])} `,
      `${component}: ${describe(step)} ${tone.dim(`(${step.reason})`)}`,
      options,
    ),
    ...showDiff(step, server, shown, options),
  ])
}

/** A text behind its beginning; on a terminal, what does not fit into the line goes on below itself. */
function below(beginning: string, text: string, { width = Infinity }: ShowPlanOptions): readonly string[] {
  const room = width - displayWidth(beginning)
  if (displayWidth(text) <= room) return [beginning + text]
  const [first = '', ...rest] = wrapCell(stripVTControlCharacters(text), room)
  return [beginning + first, ...rest.map((line) => ' '.repeat(displayWidth(beginning)) + line)]
}

const describe = (step: Step): string => kindOf(step.kind).describe?.(step) ?? objectOf(step)

function colourOf({ action }: Step, tone: Tone): (text: string) => string {
  if (action === 'create' || action === 'install' || action === 'start') return tone.green
  return action === 'remove' || action === 'stop' ? tone.red : tone.yellow
}

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`

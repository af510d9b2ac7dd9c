import { createTwoFilesPatch } from 'diff'
import type { ComponentChange, Plan, ServerChange, Wave } from '../plan/plan.ts'
import { changesOf, isEmpty, stepsOf } from '../plan/plan.ts'
import { countOf, kindOf, objectOf } from '../resources/kinds.ts'
import type { Disturbance, Step } from '../resources/resource.ts'
import type { Tone } from './tone.ts'

export interface ShowPlanOptions {
  readonly tone: Tone
  /** Lists each step of servers that are set up for the first time, too. */
  readonly everything?: boolean
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

/** Diffs that were shown already, with the server on which: the same one on eighty servers is shown once. */
type Shown = Map<string, string>

/** The plan as text: refusals and warnings first, then wave by wave what changes on which server, with diffs. */
export function showPlan(plan: Plan, options: ShowPlanOptions): string {
  const { tone } = options
  const notes = [
    ...plan.unreachable.map(
      ({ server, why }) => `${tone.yellow('!')} ${server} is unreachable: ${why.replaceAll('\n', '\n  ')}`,
    ),
    ...(plan.remarks ?? []).map((text) => `${tone.dim('·')} ${text}`),
    ...plan.warnings.map((text) => `${tone.yellow('!')} ${text.replaceAll('\n', '\n  ')}`),
    ...plan.refusals.map(
      ({ server, what, next }) => `${tone.red('✖')} ${server}: ${what.replaceAll('\n', '\n  ')}\n    → ${next}`,
    ),
  ]
  const shown: Shown = new Map()
  const body = isEmpty(plan)
    ? []
    : [headline(plan, tone), ...plan.waves.map((wave, index) => showWave(wave, index + 1, shown, options))]
  return [...body, ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n')
}

function headline(plan: Plan, tone: Tone): string {
  const changes = changesOf(plan)
  const servers = new Set(changes.map(({ server }) => server.name)).size
  const steps = changes.flatMap(stepsOf).length
  return `${tone.bold(`Plan for ${plan.stack}`)}: ${count(steps, 'step')} on ${count(servers, 'server')}, in ${count(plan.waves.length, 'wave')}`
}

function showWave(wave: Wave, number: number, shown: Shown, options: ShowPlanOptions): string {
  const { tone } = options
  const blocks = wave.changes.map((change) => {
    const isBrief = options.everything !== true && (change.isNew || change.manifest.length === 0)
    return isBrief ? summariseServer(change, tone) : showServer(change, shown, tone)
  })
  return [`${tone.dim(String(number).padStart(2))} ${tone.bold(wave.title)}`, ...blocks].join('\n')
}

/** A server that is set up for the first time, or on which nothing stays: a line for each component is enough. */
function summariseServer({ server, changes, isNew }: ServerChange, tone: Tone): string {
  const byComponent = Map.groupBy(changes, ({ component }) => component)
  const width = Math.max(...[...byComponent.keys()].map((component) => component.length), 0)
  const rows = [...byComponent].map(([component, parts]) => {
    const steps = parts.flatMap((part) => part.steps)
    return `      ${component.padEnd(width)}  ${tone.dim(summarise(steps, isNew))}`
  })
  return [`   ${isNew ? tone.green('+') : tone.red('-')} ${server.name}`, ...rows].join('\n')
}

function summarise(steps: readonly Step[], isNew: boolean): string {
  const groups = Map.groupBy(steps, ({ kind }) => kind)
  return [...groups]
    .map(([kind, list]) => {
      const summary = kindOf(kind).summarise?.(list, isNew)
      return summary ?? `${isNew ? '' : 'removes '}${countOf(kind, list.length)}`
    })
    .join(', ')
}

function showServer(change: ServerChange, shown: Shown, tone: Tone): string {
  const note = disturbances[change.disturbs]
  const head = `   ${tone.yellow('~')} ${change.server.name}${note === '' ? '' : tone.dim(`  ${note}`)}`
  return [head, ...change.changes.flatMap((one) => showComponent(one, change.server.name, shown, tone))].join('\n')
}

function showComponent(
  { component, steps }: ComponentChange,
  server: string,
  shown: Shown,
  tone: Tone,
): readonly string[] {
  return steps.flatMap((step) => [
    `      ${colourOf(step, tone)(signs[step.action])} ${component}: ${describe(step)} ${tone.dim(`(${step.reason})`)}`,
    ...showDiff(step, server, shown, tone),
  ])
}

const describe = (step: Step): string => kindOf(step.kind).describe?.(step) ?? objectOf(step)

function colourOf({ action }: Step, tone: Tone): (text: string) => string {
  if (action === 'create' || action === 'install' || action === 'start') return tone.green
  return action === 'remove' || action === 'stop' ? tone.red : tone.yellow
}

const longestDiff = 60

function showDiff({ name, diff, action }: Step, server: string, shown: Shown, tone: Tone): readonly string[] {
  if (diff === undefined || action === 'create') return []
  const key = JSON.stringify([name, diff])
  const same = shown.get(key)
  if (same !== undefined) return [`          ${tone.dim(`the same as on ${same}`)}`]
  shown.set(key, server)
  const patch = createTwoFilesPatch('', '', diff.before, diff.after, '', '', { context: 2 })
  const rows = patch
    .split('\n')
    .slice(4)
    .filter((row) => row !== '' && !row.startsWith('\\'))
  const first = rows.slice(0, longestDiff).map((row) => `          ${tint(row, tone)}`)
  return rows.length > longestDiff
    ? [...first, `          ${tone.dim(`… ${rows.length - longestDiff} more lines`)}`]
    : first
}

function tint(row: string, tone: Tone): string {
  if (row.startsWith('+')) return tone.green(row)
  return row.startsWith('-') ? tone.red(row) : tone.dim(row)
}

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`

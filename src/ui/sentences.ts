import type { Progress } from '../events/event.ts'
import { kindOf, objectOf } from '../resources/kinds.ts'
import { formatDuration } from './format-duration.ts'
import type { Tone } from './tone.ts'

type Named<Type extends Progress['type']> = Extract<Progress, { type: Type }>
export type StepName = Named<'step-started'>['step']

/** How a server is called in the display: padded, so that what follows stands in one column. */
export type NameServer = (server: string) => string

/** How many lines of a failed step's output are shown; all of it is in the event log. */
const shownOutput = 15
/** How many of those from the top: Node prints its error there, below the line of code. */
const shownFirst = 8

/** `install haproxy`, `change /etc/nginx/nginx.conf`, `create user app`, `switch the app to its other slot`. */
export const describeStep = (step: StepName): string =>
  kindOf(step.kind).describe?.(step) ?? `${step.action} ${objectOf(step)}`

/** What went wrong: `could not reload nginx.service`, `the release command failed`. */
const describeFailure = (step: StepName): string =>
  kindOf(step.kind).describeFailure?.(step) ?? `could not ${describeStep(step)}`

export function formatApplyStarted({ steps, servers, waves }: Named<'apply-started'>, tone: Tone): string {
  return tone.bold(`Applying ${count(steps, 'step')} to ${count(servers.length, 'server')}, in ${count(waves, 'wave')}`)
}

export function formatApplyDone(
  { ok, steps, milliseconds }: Named<'apply-done'>,
  wavesLeft: number,
  tone: Tone,
): string {
  const time = formatDuration(milliseconds)
  if (ok) return `${tone.green('✔')} ${tone.bold(`${count(steps, 'step')} done`)} in ${time}`
  const rest = wavesLeft > 0 ? `; ${count(wavesLeft, 'wave')} not begun` : ''
  return `${tone.red('✖')} ${tone.bold('Stopped')} after ${time}${rest}`
}

export function formatWave({ wave, title }: Named<'wave-started'>, waves: number, tone: Tone): string {
  return `${tone.dim(waves > 0 ? `Wave ${wave} of ${waves}` : `Wave ${wave}`)}  ${tone.bold(title)}`
}

export function formatNote({ level, text }: Named<'note'>, tone: Tone): string {
  // Further lines are indented: they may be a server's own text.
  return `${level === 'warning' ? tone.yellow('!') : tone.dim('·')} ${text.replaceAll('\n', '\n  ')}`
}

export function formatUnreachable({ server, why }: Named<'unreachable'>, name: NameServer, tone: Tone): string {
  const [headline, ...details] = why.split('\n')
  return [
    `${tone.yellow('!')} ${name(server)}  is unreachable: ${headline}`,
    ...details.map((line) => tone.dim(`  ${line}`)),
  ].join('\n')
}

export function formatObserved(servers: readonly string[], milliseconds: number, tone: Tone): string {
  const who = servers.length === 1 ? `${servers[0]} has` : `${servers.length} servers have`
  return `${tone.green('✔')} ${who} answered  ${tone.dim(formatDuration(milliseconds))}`
}

/** The headline, and under it the server's own output. */
export function formatStepFailed({ server, step, output }: Named<'step-failed'>, name: NameServer, tone: Tone): string {
  const lines = output.trim() === '' ? [] : output.trimEnd().split('\n')
  // The first lines usually say what is wrong, the last ones how it ended.
  const left = lines.length - shownOutput
  const shown =
    left > 0
      ? [
          ...lines.slice(0, shownFirst),
          tone.dim(`… ${count(left, 'line')} left out`),
          ...lines.slice(shownFirst - shownOutput),
        ]
      : lines
  return [
    `${tone.red('✖')} ${tone.bold(name(server))}  ${tone.red(`${step.component}: ${describeFailure(step)}`)}`,
    ...shown.map((line) => `  ${tone.dim('│')} ${line}`),
  ].join('\n')
}

export function formatRolledBack(
  { server, component, restored }: Named<'rolled-back'>,
  name: NameServer,
  tone: Tone,
): string {
  return restored
    ? `${tone.yellow('↶')} ${name(server)}  ${component} was rolled back`
    : `${tone.red('✖')} ${name(server)}  ${tone.red(`${component} could not be rolled back: fix this first`)}`
}

export function formatServerFailed({ server, why }: Named<'server-failed'>, name: NameServer, tone: Tone): string {
  const [headline, ...details] = why.split('\n')
  return [
    `${tone.red('✖')} ${tone.bold(name(server))}  ${headline}`,
    ...details.map((line) => tone.dim(`  │ ${line}`)),
  ].join('\n')
}

export const count = (amount: number, one: string): string => `${amount} ${amount === 1 ? one : `${one}s`}`

import { formatDuration } from './format-duration.ts'
import { count, describeStep, type NameServer, type StepName } from './sentences.ts'
import type { Tone } from './tone.ts'

/** The servers of the current wave, one line each. */
export interface WaveBoard {
  start(servers: readonly string[]): void
  startStep(server: string, step: StepName): void
  endStep(server: string): void
  /** A step failed; what was changed before it is being rolled back. */
  stumble(server: string): void
  /** `milliseconds` is undefined for a server that failed. */
  endServer(server: string, milliseconds: number | undefined): void
  /** The lines to draw now, with a spinner in front of who is at work. */
  draw(spinner: string, now: number): readonly string[]
  /** The servers as lines for good, also those that were left in the middle; the board is empty then. */
  collect(): readonly string[]
}

interface Row {
  readonly server: string
  readonly startedAt: number
  readonly components: Set<string>
  stepsDone: number
  step: { readonly name: StepName; readonly startedAt: number } | undefined
  stumbled: boolean
  /** How long it took; `failed` servers have told their story elsewhere. */
  end: number | 'failed' | undefined
}

export function createWaveBoard(name: NameServer, tone: Tone, clock: () => number): WaveBoard {
  const rows = new Map<string, Row>()
  const rowOf = (server: string): Row => {
    const row = rows.get(server) ?? newRow(server, clock())
    rows.set(server, row)
    return row
  }

  const drawRow = (row: Row, spinner: string, now: number): string => {
    if (row.end === 'failed') return `${tone.red('✖')} ${name(row.server)}  ${tone.red('failed')}`
    if (row.end !== undefined) return summary(row, row.end)
    if (row.stumbled) return `${tone.yellow(spinner)} ${name(row.server)}  rolling back what was changed`
    const { step } = row
    const act = step === undefined ? tone.dim('…') : `${step.name.component}: ${describeStep(step.name)}`
    const since = now - (step?.startedAt ?? row.startedAt)
    const time = since < 1000 ? '' : tone.dim(`  ${formatDuration(since)}`)
    const done = row.stepsDone === 0 ? '' : tone.dim(`  ${row.stepsDone} done`)
    return `${tone.cyan(spinner)} ${name(row.server)}  ${act}${time}${done}`
  }

  const summary = ({ server, components, stepsDone }: Row, milliseconds: number): string =>
    [
      `${tone.green('✔')} ${name(server)}`,
      [...components].join(', '),
      tone.dim(count(stepsDone, 'step')),
      tone.dim(formatDuration(milliseconds)),
    ]
      .filter((part) => part !== '')
      .join('  ')

  const leftAt = ({ server, step, stepsDone }: Row): string => {
    const where = step === undefined ? `after ${count(stepsDone, 'step')}` : `at: ${describeStep(step.name)}`
    return `${tone.yellow('!')} ${name(server)}  was left ${where}`
  }

  return {
    start: (servers) => servers.forEach(rowOf),
    startStep(server, step) {
      const row = rowOf(server)
      row.components.add(step.component)
      row.step = { name: step, startedAt: clock() }
    },
    endStep(server) {
      const row = rowOf(server)
      row.stepsDone += 1
      row.step = undefined
    },
    stumble(server) {
      rowOf(server).stumbled = true
    },
    endServer(server, milliseconds) {
      rowOf(server).end = milliseconds ?? 'failed'
    },
    draw: (spinner, now) => [...rows.values()].map((row) => drawRow(row, spinner, now)),
    collect() {
      const lines = [...rows.values()].flatMap((row) => {
        if (row.end === undefined) return [leftAt(row)]
        return row.end === 'failed' ? [] : [summary(row, row.end)]
      })
      rows.clear()
      return lines
    },
  }
}

const newRow = (server: string, startedAt: number): Row => ({
  server,
  startedAt,
  components: new Set(),
  stepsDone: 0,
  step: undefined,
  stumbled: false,
  end: undefined,
})

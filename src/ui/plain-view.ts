import type { Progress } from '../events/event.ts'
import { isOfWhatRuns, kindOf } from '../resources/kinds.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import { formatDuration } from './format-duration.ts'
import { inOneLine } from './in-one-line.ts'
import { createProgressLines, type Handlers } from './progress-lines.ts'
import { count, describeStep, type StepName } from './sentences.ts'
import { shown } from './shown.ts'
import type { Tone } from './tone.ts'
import type { Output, View } from './view.ts'

/** A step that took longer is told, whatever it is. */
const longMilliseconds = 1000

const isSlow = ({ kind }: StepName): boolean => kindOf(kind).isSlow === true

/** What an operator looks for. Files and settings stand in the plan already. */
const isTold = (step: StepName): boolean => isSlow(step) || isOfWhatRuns(step)

/** One line for each event that matters, for files and CI: nothing moves, nothing is drawn twice. */
export function createPlainView(stream: Output, tone: Tone): View {
  let stage: string | undefined
  const stepsDone = new Map<string, number>()

  const print = (line: string): void => void stream.write(`${shown(line)}\n`)
  const lines = createProgressLines(print, tone)
  const endObserving = (): void => lines.endObserving(2 * longMilliseconds)

  const handlers: Handlers = {
    ...lines.handlers,
    stage(event) {
      const { done, total, detail, unit } = event
      const amount = (count: number): string => (unit === 'bytes' ? formatBytes(count) : String(count))
      const complete = total !== undefined && done !== undefined && done >= total
      if (stage !== event.name)
        print(`${event.name}${detail === undefined || complete ? '' : tone.dim(`  ${inOneLine(detail)}`)}`)
      if (complete)
        print(`${tone.green('✔')} ${event.name}${total > 1 ? tone.dim(`  ${amount(total)} of ${amount(total)}`) : ''}`)
      stage = event.name
    },
    'step-started'({ server, step }) {
      if (isSlow(step)) print(`  ${lines.name(server)}  ${step.component}: ${describeStep(step)} …`)
    },
    'step-done'({ server, step, milliseconds }) {
      stepsDone.set(server, (stepsDone.get(server) ?? 0) + 1)
      if (!isTold(step) && milliseconds < longMilliseconds) return
      const time = milliseconds < 100 ? '' : tone.dim(`  ${formatDuration(milliseconds)}`)
      print(`  ${lines.name(server)}  ${step.component}: ${describeStep(step)}${time}`)
    },
    'server-done'({ server, milliseconds }) {
      const steps = count(stepsDone.get(server) ?? 0, 'step')
      print(`${tone.green('✔')} ${lines.name(server)}  ${steps}  ${tone.dim(formatDuration(milliseconds))}`)
      stepsDone.delete(server)
    },
    'server-failed'(event) {
      lines.handlers['server-failed'](event)
      stepsDone.delete(event.server)
    },
  }

  return {
    show(event) {
      if (event.type !== 'observed') endObserving()
      if (event.type !== 'stage') stage = undefined
      ;(handlers[event.type] as (event: Progress) => void)(event)
    },
    end: endObserving,
  }
}

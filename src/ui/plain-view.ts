import type { Progress } from '../events/event.ts'
import { isOfWhatRuns, kindOf } from '../resources/kinds.ts'
import { formatDuration } from './format-duration.ts'
import { inOneLine } from './in-one-line.ts'
import {
  count,
  describeStep,
  formatApplyDone,
  formatApplyStarted,
  formatNote,
  formatObserved,
  formatRolledBack,
  formatServerFailed,
  formatStepFailed,
  formatUnreachable,
  formatWave,
  type StepName,
} from './sentences.ts'
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
  let width = 0
  let waves = { total: 0, begun: 0 }
  const stumbled = new Set<string>()
  let observed: { servers: string[]; milliseconds: number } | undefined
  let stage: string | undefined
  const stepsDone = new Map<string, number>()

  const print = (line: string): void => void stream.write(`${shown(line)}\n`)
  const name = (server: string): string => {
    width = Math.max(width, server.length)
    return server.padEnd(width)
  }
  const knowServers = (servers: readonly string[]): void => servers.forEach(name)
  const formatWhoAnswered = (): void => {
    if (observed !== undefined && observed.milliseconds > 2 * longMilliseconds)
      print(formatObserved(observed.servers, observed.milliseconds, tone))
    observed = undefined
  }

  const handlers: { readonly [Type in Progress['type']]: (event: Extract<Progress, { type: Type }>) => void } = {
    stage(event) {
      const { done, total, detail } = event
      const complete = total !== undefined && done !== undefined && done >= total
      if (stage !== event.name)
        print(`${event.name}${detail === undefined || complete ? '' : tone.dim(`  ${inOneLine(detail)}`)}`)
      if (complete) print(`${tone.green('✔')} ${event.name}${total > 1 ? tone.dim(`  ${total} of ${total}`) : ''}`)
      stage = event.name
    },
    note: (event) => print(formatNote(event, tone)),
    observed({ server, milliseconds }) {
      observed ??= { servers: [], milliseconds: 0 }
      observed.servers.push(server)
      observed.milliseconds = Math.max(observed.milliseconds, milliseconds)
    },
    unreachable: (event) => print(formatUnreachable(event, name, tone)),
    'apply-started'(event) {
      waves = { total: event.waves, begun: 0 }
      knowServers(event.servers)
      print(formatApplyStarted(event, tone))
    },
    'wave-started'(event) {
      knowServers(event.servers)
      waves.begun = event.wave
      print(formatWave(event, waves.total, tone))
    },
    'step-started'({ server, step }) {
      if (isSlow(step)) print(`  ${name(server)}  ${step.component}: ${describeStep(step)} …`)
    },
    'step-done'({ server, step, milliseconds }) {
      stepsDone.set(server, (stepsDone.get(server) ?? 0) + 1)
      if (!isTold(step) && milliseconds < longMilliseconds) return
      const time = milliseconds < 100 ? '' : tone.dim(`  ${formatDuration(milliseconds)}`)
      print(`  ${name(server)}  ${step.component}: ${describeStep(step)}${time}`)
    },
    'step-failed'(event) {
      stumbled.add(event.server)
      print(formatStepFailed(event, name, tone))
    },
    'rolled-back': (event) => print(formatRolledBack(event, name, tone)),
    'server-done'({ server, milliseconds }) {
      const steps = count(stepsDone.get(server) ?? 0, 'step')
      print(`${tone.green('✔')} ${name(server)}  ${steps}  ${tone.dim(formatDuration(milliseconds))}`)
      stepsDone.delete(server)
    },
    'server-failed'(event) {
      // A failed step has told it already, with the server's own words.
      if (!stumbled.delete(event.server)) print(formatServerFailed(event, name, tone))
      stepsDone.delete(event.server)
    },
    'apply-done': (event) => print(formatApplyDone(event, waves.total - waves.begun, tone)),
  }

  return {
    show(event) {
      if (event.type !== 'observed') formatWhoAnswered()
      if (event.type !== 'stage') stage = undefined
      ;(handlers[event.type] as (event: Progress) => void)(event)
    },
    end: formatWhoAnswered,
  }
}

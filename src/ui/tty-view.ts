import type { Progress } from '../events/event.ts'
import { createLiveRegion } from './live-region.ts'
import { createProgressLines, type Handlers } from './progress-lines.ts'
import { createStageBoard } from './stage-board.ts'
import type { Tone } from './tone.ts'
import { untilInterrupted } from './until-interrupted.ts'
import type { Output, View } from './view.ts'
import { createWaveBoard } from './wave-board.ts'

/** Twelve drawings a second look alive; more only cost. */
const drawingMilliseconds = 84
const spinners = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/** What happens now at the bottom, what is finished above it. */
export function createTtyView(stream: Output, tone: Tone): View {
  const clock = (): number => performance.now()
  const region = createLiveRegion(stream)
  let finished: string[] = []
  let drawings = 0

  const print = (...added: readonly string[]): void => void finished.push(...added)
  const lines = createProgressLines(print, tone)
  const wave = createWaveBoard(lines.name, tone, clock)
  const stages = createStageBoard(tone, clock)

  const draw = (): void => {
    const spinner = spinners[drawings++ % spinners.length]!
    const now = clock()
    const { servers } = lines.observed() ?? {}
    const asking = servers && `${tone.cyan(spinner)} asking the servers  ${tone.dim(servers.join(' '))}`
    region.draw(finished, [...(asking ? [asking] : []), ...wave.draw(spinner, now), ...stages.draw(spinner, now)])
    finished = []
  }
  const endAll = (): void => {
    lines.endObserving()
    print(...stages.collect(), ...wave.collect())
  }

  const handlers: Handlers = {
    ...lines.handlers,
    stage: (event) => print(...stages.show(event)),
    observed(event) {
      print(...stages.collect())
      lines.handlers.observed(event)
    },
    'apply-started'(event) {
      endAll()
      lines.handlers['apply-started'](event)
    },
    'wave-started'(event) {
      endAll()
      lines.handlers['wave-started'](event)
      wave.start(event.servers)
    },
    'step-started': ({ server, step }) => wave.startStep(server, step),
    'step-done': ({ server }) => wave.endStep(server),
    'step-failed'(event) {
      wave.stumble(event.server)
      lines.handlers['step-failed'](event)
    },
    'server-done': ({ server, milliseconds }) => wave.endServer(server, milliseconds),
    'server-failed'(event) {
      wave.endServer(event.server, undefined)
      lines.handlers['server-failed'](event)
    },
    'apply-done'(event) {
      endAll()
      lines.handlers['apply-done'](event)
    },
  }

  const timer = setInterval(draw, drawingMilliseconds)
  timer.unref()
  const forget = untilInterrupted(() => region.release())

  return {
    show(event) {
      if (event.type !== 'observed' && event.type !== 'unreachable') lines.endObserving()
      ;(handlers[event.type] as (event: Progress) => void)(event)
    },
    end() {
      clearInterval(timer)
      forget()
      endAll()
      draw()
      region.release()
    },
  }
}

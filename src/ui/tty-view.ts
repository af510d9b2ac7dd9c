import type { Progress } from '../events/event.ts'
import { createLiveRegion } from './live-region.ts'
import {
  formatApplyDone,
  formatApplyStarted,
  formatNote,
  formatObserved,
  formatRolledBack,
  formatServerFailed,
  formatStepFailed,
  formatUnreachable,
  formatWave,
} from './sentences.ts'
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
  let width = 0
  let waves = { total: 0, begun: 0 }
  const stumbled = new Set<string>()
  let turn = 0
  let finished: string[] = []
  let observed: { servers: string[]; milliseconds: number } | undefined

  const name = (server: string): string => server.padEnd((width = Math.max(width, server.length)))
  const wave = createWaveBoard(name, tone, clock)
  const stages = createStageBoard(tone, clock)
  const print = (...lines: readonly string[]): void => void finished.push(...lines)

  const draw = (): void => {
    const spinner = spinners[turn++ % spinners.length]!
    const now = clock()
    const asking =
      observed === undefined
        ? []
        : [`${tone.cyan(spinner)} asking the servers  ${tone.dim(observed.servers.join(' '))}`]
    region.draw(finished, [...asking, ...wave.draw(spinner, now), ...stages.draw(spinner, now)])
    finished = []
  }
  const endObserving = (): void => {
    if (observed !== undefined) print(formatObserved(observed.servers, observed.milliseconds, tone))
    observed = undefined
  }
  const endAll = (): void => {
    endObserving()
    print(...stages.collect(), ...wave.collect())
  }

  const handlers: { readonly [Type in Progress['type']]: (event: Extract<Progress, { type: Type }>) => void } = {
    stage: (event) => print(...stages.show(event)),
    note: (event) => print(formatNote(event, tone)),
    observed({ server, milliseconds }) {
      print(...stages.collect())
      observed ??= { servers: [], milliseconds: 0 }
      observed.servers.push(server)
      observed.milliseconds = Math.max(observed.milliseconds, milliseconds)
    },
    unreachable: (event) => print(formatUnreachable(event, name, tone)),
    'apply-started'(event) {
      endAll()
      waves = { total: event.waves, begun: 0 }
      event.servers.forEach(name)
      print(formatApplyStarted(event, tone))
    },
    'wave-started'(event) {
      endAll()
      event.servers.forEach(name)
      waves.begun = event.wave
      print(formatWave(event, waves.total, tone))
      wave.start(event.servers)
    },
    'step-started': ({ server, step }) => wave.startStep(server, step),
    'step-done': ({ server }) => wave.endStep(server),
    'step-failed'(event) {
      stumbled.add(event.server)
      wave.stumble(event.server)
      print(formatStepFailed(event, name, tone))
    },
    'rolled-back': (event) => print(formatRolledBack(event, name, tone)),
    'server-done': ({ server, milliseconds }) => wave.endServer(server, milliseconds),
    'server-failed'(event) {
      wave.endServer(event.server, undefined)
      // A failed step has told it already, with the server's own words.
      if (!stumbled.delete(event.server)) print(formatServerFailed(event, name, tone))
    },
    'apply-done'(event) {
      endAll()
      print(formatApplyDone(event, waves.total - waves.begun, tone))
    },
  }

  const timer = setInterval(draw, drawingMilliseconds)
  timer.unref()
  const forget = untilInterrupted(() => region.release())

  return {
    show(event) {
      if (event.type !== 'observed' && event.type !== 'unreachable') endObserving()
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

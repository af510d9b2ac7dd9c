import type { Progress } from '../events/event.ts'
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
  type NameServer,
} from './sentences.ts'
import type { Tone } from './tone.ts'

/** What a view does at each event. */
export type Handlers = { readonly [Type in Progress['type']]: (event: Extract<Progress, { type: Type }>) => void }

/** The servers that have answered so far, and the time of the slowest. */
export interface Observed {
  readonly servers: readonly string[]
  readonly milliseconds: number
}

export interface ProgressLines {
  /** Prints the lines that are the same in all views. Each view has its own handlers for other events. */
  readonly handlers: Pick<
    Handlers,
    | 'note'
    | 'observed'
    | 'unreachable'
    | 'apply-started'
    | 'wave-started'
    | 'step-failed'
    | 'rolled-back'
    | 'server-failed'
    | 'apply-done'
  >
  readonly name: NameServer
  /** While servers are being asked. */
  observed(): Observed | undefined
  /** Prints who answered, once; nothing where that took no longer than `leastMilliseconds`. */
  endObserving(leastMilliseconds?: number): void
}

/** The lines that all views of the progress share. Remembers the width of names, the wave, and whose failure was told. */
export function createProgressLines(print: (line: string) => void, tone: Tone): ProgressLines {
  let width = 0
  let waves = { total: 0, begun: 0 }
  let observed: Observed | undefined
  const stumbled = new Set<string>()
  const name = (server: string): string => server.padEnd((width = Math.max(width, server.length)))
  return {
    name,
    observed: () => observed,
    endObserving(leastMilliseconds = -1) {
      if (observed !== undefined && observed.milliseconds > leastMilliseconds)
        print(formatObserved(observed.servers, observed.milliseconds, tone))
      observed = undefined
    },
    handlers: {
      note: (event) => print(formatNote(event, tone)),
      observed({ server, milliseconds }) {
        const { servers, milliseconds: slowest } = observed ?? { servers: [], milliseconds: 0 }
        observed = { servers: [...servers, server], milliseconds: Math.max(slowest, milliseconds) }
      },
      unreachable: (event) => print(formatUnreachable(event, name, tone)),
      'apply-started'(event) {
        waves = { total: event.waves, begun: 0 }
        event.servers.forEach(name)
        print(formatApplyStarted(event, tone))
      },
      'wave-started'(event) {
        event.servers.forEach(name)
        waves.begun = event.wave
        print(formatWave(event, waves.total, tone))
      },
      'step-failed'(event) {
        stumbled.add(event.server)
        print(formatStepFailed(event, name, tone))
      },
      'rolled-back': (event) => print(formatRolledBack(event, name, tone)),
      'server-failed'(event) {
        // A failed step has told it already, with the server's own words.
        if (!stumbled.delete(event.server)) print(formatServerFailed(event, name, tone))
      },
      'apply-done': (event) => print(formatApplyDone(event, waves.total - waves.begun, tone)),
    },
  }
}

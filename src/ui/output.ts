import type { EventBody, Tell } from '../engine/event.ts'
import { createTone, type Tone } from './tone.ts'
import { createView, type View } from './view.ts'

/** What a verb speaks with: its answer on standard output, and what happens meanwhile through a view of the events. */
export interface Output {
  readonly json: boolean
  readonly tone: Tone
  /** Prints a block of the answer as text; silent under `--json`. */
  readonly print: (text: string) => void
  /** Prints the answer as one line of JSON; silent without `--json`. */
  readonly printJson: (value: unknown) => void
  readonly tell: Tell
  /** Ends the live display; the next event opens it again. */
  readonly settle: () => void
}

/** Opens the view with the first event, so that quick work shows nothing. */
export function createOutput(json: boolean, onEvent: Tell = () => {}): Output {
  let view: View | undefined
  const settle = (): void => {
    view?.end()
    view = undefined
  }
  const tell = (event: EventBody): void => {
    onEvent(event)
    view ??= createView({ json, stdout: process.stdout, stderr: process.stderr })
    view.tell({ ...event, at: new Date().toISOString() })
  }
  const print = (text: string): void => {
    settle()
    if (!json) process.stdout.write(`${text}\n`)
  }
  const printJson = (value: unknown): void => {
    settle()
    if (json) process.stdout.write(`${JSON.stringify(value)}\n`)
  }
  return { json, tone: createTone(process.stdout), print, printJson, tell, settle }
}

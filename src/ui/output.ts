import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { EventBody, Progress, Result, Emit } from '../events/event.ts'
import { hideSecrets } from '../speech/known-secrets.ts'
import { type CommandPlace, inPlace } from '../speech/suggested-command.ts'
import { mapTexts } from '../speech/mask.ts'
import { createMaskStream } from './mask-stream.ts'
import { jsonLine } from '../speech/visible.ts'
import type { JsonLines, JsonType } from './json-lines.ts'
import { shown } from './shown.ts'
import { isForPrograms, isResult, isTrouble, formatResult } from './format-result.ts'
import { createTone, type Tone } from './tone.ts'
import { createView } from './create-view.ts'
import type { View } from './view.ts'

/** Prints one line, with its type first. */
type PrintJson = <Type extends JsonType>(type: Type, line: JsonLines[Type]) => void

/** The output of a verb: its answer on standard output, and events through a view. */
export interface Output {
  readonly json: boolean
  readonly tone: Tone
  /** Prints a block of the answer as text; silent under `--json`. Commands that it suggests get `--lab` and `--config`. */
  readonly print: (text: string) => void
  /** Prints the answer as one line of JSON; silent without `--json`. Commands in it get the same. */
  readonly printJson: PrintJson
  /** Prints what others wrote: lines of logs, contents of files. Commands in it stay as they are. */
  readonly quote: (text: string) => void
  /** The same as JSON. */
  readonly quoteJson: PrintJson
  /** A message with its commands as they must be given here; for text that is wrapped before it is printed. */
  readonly inPlace: <T>(message: T) => T
  /** Prints a message beside the answer, on standard error. */
  readonly aside: (text: string) => void
  /** Hands on what a command of the operator's printed, `raw` as it is; else without secrets, and visible on a terminal. */
  readonly relay: (to: 'stdout' | 'stderr', text: string, how?: { readonly raw: boolean }) => void
  /**
   * Hands on what a command of the operator's prints while it runs: without secrets, visible on a terminal, and else byte for byte.
   * @returns whether a secret was masked.
   */
  readonly relayStream: (to: 'stdout' | 'stderr', from: Readable) => Promise<boolean>
  readonly emit: Emit
  /** Ends the live display; the next event opens it again. */
  readonly settle: () => void
  /** Clears the terminal; nothing where the answer goes elsewhere, or under `--json`. */
  readonly clear: () => void
}

/** How the answer is wanted, and which stack it is about. */
export interface OutputFlags {
  readonly json: boolean
  readonly lab?: boolean
  readonly config?: string
}

/**
 * Opens the view with the first event, so that quick work shows nothing. All that a verb says goes through here, and is
 * without secrets and control characters; no other file writes to the standard streams.
 */
export function createOutput({ json, lab = false, config }: OutputFlags): Output {
  const place: CommandPlace = { lab, ...(config !== undefined && { config }) }
  const placed = <T>(message: T): T => mapTexts(message, (text) => inPlace(text, place))
  const tone = createTone(process.stdout)
  let view: View | undefined
  let isInPhase = false
  const settle = (): void => {
    view?.end()
    view = undefined
  }
  const watch = (event: Progress): void => {
    view ??= createView({ json, stdout: process.stdout, stderr: process.stderr })
    view.show({ ...event, at: new Date().toISOString() })
  }
  const quote = (text: string): void => {
    settle()
    if (!json) process.stdout.write(`${shown(text)}\n`)
  }
  const writeJson = (line: { readonly type: string }): void => {
    settle()
    if (json) process.stdout.write(`${jsonLine(mapTexts(line, hideSecrets))}\n`)
  }
  const quoteJson: PrintJson = (type, line) => writeJson({ type, ...line })
  const print = (text: string): void => quote(placed(text))
  const printJson: PrintJson = (type, line) => quoteJson(type, placed(line))
  const answer = (event: Result): void => {
    if (event.type === 'phase-started' || event.type === 'phase') isInPhase = event.type === 'phase-started'
    if (event.type === 'phase-started') {
      if (!json && process.stderr.isTTY) watch({ type: 'stage', name: `${event.server} ${event.doing}` })
      return
    }
    if (isForPrograms(event)) writeJson(event)
    const text = formatResult(event, tone)
    if (text !== undefined) print(text)
  }
  const emit = (event: EventBody): void => {
    // Masked here, and not only in what is shown: a view may cut a text, and half a secret would not be recognised.
    const said = placed(mapTexts(event, hideSecrets))
    if (isResult(said)) answer(said)
    // Programs get all events; a person gets problems, and one line for each phase.
    else if (json || !isInPhase || isTrouble(said)) watch(said)
  }
  const aside = (text: string): void => {
    settle()
    process.stderr.write(`${shown(placed(text))}\n`)
  }
  const relay: Output['relay'] = (to, text, { raw } = { raw: false }) => {
    settle()
    process[to].write(raw ? text : process[to].isTTY ? shown(text) : hideSecrets(text))
  }
  const relayStream: Output['relayStream'] = async (to, from) => {
    settle()
    let isMasked = false
    const change = (text: string): string => {
      const hidden = hideSecrets(text)
      isMasked ||= hidden !== text
      return process[to].isTTY ? shown(hidden) : hidden
    }
    // The reader may have closed the pipe, as `head` does: then nobody reads a message.
    await pipeline(from, createMaskStream(change), process[to], { end: false }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error
      },
    )
    return isMasked
  }
  const clear = (): void => {
    if (process.stdout.isTTY && !json) process.stdout.write('\u001B[H\u001B[2J')
  }
  return {
    json,
    tone,
    print,
    printJson,
    quote,
    quoteJson,
    inPlace: placed,
    aside,
    relay,
    relayStream,
    emit,
    settle,
    clear,
  }
}

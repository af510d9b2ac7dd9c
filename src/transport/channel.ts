import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { packScript, packSecret, wrapRemote, type Mode } from './remote-wrapper.ts'
import { createReplyReader } from './reply-reader.ts'
import { type SilenceWatch, watchSilence } from './silence.ts'
import type { RunResult } from './transport.ts'

/** How far the remote side came; `null` where it did not even say hello. */
export type Progress = null | 'hello' | 'root' | 'begin'

/** Why a channel ended without the script's exit code. */
export class ChannelBroken extends Error {
  readonly progress: Progress
  /** ssh's own exit code, or the signal that ended it. */
  readonly exit: number | string
  /** The words of ssh, sudo or the login shell. */
  readonly words: string

  constructor(progress: Progress, exit: number | string, words: string) {
    super(`The channel ended at ${progress ?? 'its start'} with ${exit}: ${words}`)
    this.progress = progress
    this.exit = exit
    this.words = words
  }
}

/** A server sent more than the limit. */
export class AnswerTooLarge extends Error {}

/** A server sent too little for too long. */
export class AnswerTooSlow extends Error {}

/** One run of the remote wrapper: one ssh process, one script. */
export interface Channel {
  /** Resolves once the server says hello; only then is the script sent. */
  readonly hello: Promise<void>
  /** The script's exit code and outputs; rejects with `ChannelBroken` where they never arrived. */
  readonly result: Promise<RunResult>
  send(input?: Readable): void
  /** Ends our process at once. */
  end(): void
}

export interface ChannelOptions {
  readonly script: string
  readonly mode: Mode
  readonly onLine?: ((line: string) => void) | undefined
  /** The maximum length of each output, in letters. */
  readonly mostLetters: number
  /** True where the output is only passed on line by line, and not kept. */
  readonly forget: boolean
  /** How long the script may be silent. */
  readonly silenceSeconds: number | undefined
  /** Makes ssh's arguments for a command on the server. */
  readonly argumentsFor: (command: string) => string[]
}

/** Starts ssh for one script, and reads the marks of the remote wrapper from its outputs. */
export function openChannel(options: ChannelOptions): Channel {
  const { script, mode, onLine, mostLetters, forget, silenceSeconds, argumentsFor } = options
  const [nonce, secret] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
  const packed = packScript(nonce, script)
  const hello = Promise.withResolvers<void>()
  const result = Promise.withResolvers<RunResult>()
  let progress: Progress = null
  let code: number | undefined
  let open = 2
  let silence: SilenceWatch | undefined

  const onMark = (mark: string): void => {
    const [name, value] = mark.split(' ')
    if (name === 'hello') hello.resolve()
    if (name === 'hello' || name === 'root' || name === 'begin') progress = name
    if (value !== undefined) code = Number(value)
    if (name === 'end' && --open === 0) settle()
  }
  const onExcess = (): void => {
    hello.reject(new AnswerTooLarge())
    result.reject(new AnswerTooLarge())
  }
  const events = { onMark, onExcess, mostLetters, forget }
  const stdout = createReplyReader({ nonce, secret }, { ...events, onLine })
  const stderr = createReplyReader({ nonce, secret }, { ...events, onLine: mode === 'follow' ? onLine : undefined })
  const settle = (): void => result.resolve({ code: code!, stdout: stdout.output, stderr: stderr.output })

  // A separate process group: Trimaran answers Ctrl-C in the terminal, and ssh does not get it.
  const ssh = spawn('ssh', argumentsFor(wrapRemote(nonce, packed.length, mode)), { detached: true })
  ssh.stdout.setEncoding('utf8').on('data', (text: string) => {
    silence?.hear(text)
    stdout.push(text)
  })
  ssh.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text))
  ssh.stdin.on('error', () => {}) // The outputs show a lost connection.
  ssh.on('error', (error) => fail('error', error.message))
  ssh.on('close', (exit, signal) => {
    stdout.finish()
    stderr.finish()
    fail(exit ?? signal ?? 'no exit code', stderr.preamble.trim() || stdout.preamble.trim())
  })

  const fail = (exit: number | string, words: string): void => {
    const broken = new ChannelBroken(progress, exit, words)
    hello.reject(broken)
    result.reject(broken)
  }
  hello.promise.catch(() => {})
  result.promise.catch(() => {})

  return {
    hello: hello.promise,
    result: result.promise,
    send(input) {
      if (silenceSeconds !== undefined) silence = watchSilence(silenceSeconds, () => result.reject(new AnswerTooSlow()))
      ssh.stdin.write(packSecret(secret))
      ssh.stdin.write(packed)
      if (input !== undefined) pipeline(input, ssh.stdin).catch(() => ssh.kill())
      else if (mode !== 'follow') ssh.stdin.end()
    },
    end() {
      silence?.stop()
      ssh.kill()
      for (const stream of [ssh.stdin, ssh.stdout, ssh.stderr]) stream.destroy()
    },
  }
}

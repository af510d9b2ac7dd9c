import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { failure } from '../errors/failure.ts'
import { saysNothing } from './classify-broken-channel.ts'
import { watchSilence } from './silence.ts'
import type { Connection, Target, RunOptions, RunResult, Transport } from './transport.ts'

/** Answers a script. Lines given to `tell` arrive at once, like those of a slow script. */
export type Answer = (script: string, ask: Ask) => Partial<RunResult> | Promise<Partial<RunResult>>

export interface Ask {
  readonly server: MemoryServer
  readonly say: (line: string) => void
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** What a script that is fed reads. */
  readonly input?: Readable
}

/** A server in memory. Tests set its answers, and look at what it was sent. */
export interface MemoryServer {
  readonly name: string
  /** Uploaded files by path. */
  readonly files: Map<string, { readonly content: Buffer; readonly mode: string }>
  /** All scripts that ran, oldest first. */
  readonly scripts: string[]
  /** `unreachable`, or `locked` where it refuses all keys; `well` unless set. A change breaks the connection of running scripts. */
  reach: 'well' | 'unreachable' | 'locked'
  /** How long each answer takes. */
  delayMilliseconds: number
  /** Breaks the open connections; new ones may be opened. */
  cut(): void
}

export interface MemoryTransport extends Transport {
  /** The server at a destination; made when it is first named. */
  server(destination: string): MemoryServer
}

/** A transport whose servers answer scripts by a function, for tests of code that uses connections. */
export function createMemoryTransport(answer: Answer): MemoryTransport {
  const servers = new Map<string, Imagined>()
  const server = (destination: string): Imagined => {
    const found = servers.get(destination) ?? imagine(destination)
    servers.set(destination, found)
    return found
  }
  return {
    server,
    async connect(target) {
      refuse(target, server(target.destination))
      return createConnection(target, server(target.destination), answer)
    },
  }
}

interface Imagined extends MemoryServer {
  /** Resolves when the present connections are cut. */
  broken: PromiseWithResolvers<void>
}

function imagine(name: string): Imagined {
  return {
    name,
    files: new Map(),
    scripts: [],
    reach: 'well',
    delayMilliseconds: 0,
    broken: Promise.withResolvers(),
    cut() {
      this.broken.resolve()
      this.broken = Promise.withResolvers()
    },
  }
}

function createConnection(target: Target, server: Imagined, answer: Answer): Connection {
  const closing = new AbortController()

  const run = async (script: string, options: RunOptions = {}, input?: Readable): Promise<RunResult> => {
    closing.signal.throwIfAborted()
    options.signal?.throwIfAborted()
    refuse(target, server)
    const over = new AbortController()
    const left = untilLeft(target, server, [closing.signal, ...(options.signal ? [options.signal] : [])], options)
    const listen = (line: string): void => {
      if (over.signal.aborted) return
      left.hear(`${line}\n`)
      options.onLine?.(line)
    }
    try {
      server.scripts.push(script)
      return await Promise.race([ask(server, answer, script, listen, over.signal, input), left.promise])
    } finally {
      over.abort()
      left.dispose()
    }
  }

  return {
    run: (script, options) => run(script, options),
    feed: async (script, input, options) => {
      const stream = input()
      return await run(script, options, stream).finally(() => stream.destroy())
    },
    async upload(localPath, remotePath, { mode = '0600', signal } = {}) {
      signal?.throwIfAborted()
      refuse(target, server)
      server.files.set(remotePath, { content: await readFile(localPath), mode })
    },
    async follow(script, onLine, signal) {
      await run(script, { onLine, signal, deadlineSeconds: Infinity }).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    },
    another: async () => undefined,
    close: async () => closing.abort(new Error(`The connection to ${target.name} was closed`)),
  }
}

async function ask(
  server: MemoryServer,
  answer: Answer,
  script: string,
  listen: (line: string) => void,
  signal: AbortSignal,
  input?: Readable,
) {
  await new Promise((resolve) => setTimeout(resolve, server.delayMilliseconds))
  let told = ''
  const say = (line: string): void => {
    told += `${line}\n`
    listen(line)
  }
  const {
    code = 0,
    stdout = told,
    stderr = '',
  } = await answer(script, { server, say, signal, ...(input && { input }) })
  if (told === '') stdout.match(/[^\n]+|\n(?=\n)/g)?.forEach((line) => listen(line.replace('\n', '')))
  return { code, stdout, stderr }
}

/** Rejects when the caller gives up: by a signal, at the deadline, after a silence, or when the connection is cut. */
function untilLeft(target: Target, server: Imagined, signals: AbortSignal[], options: RunOptions) {
  const { deadlineSeconds = 120, silenceSeconds } = options
  const { promise, reject } = Promise.withResolvers<never>()
  const signal = AbortSignal.any(signals)
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  void server.broken.promise.then(() =>
    reject(failure('TRI-SSH-004', { what: `The connection to ${target.name} broke` })),
  )
  const late = failure('TRI-SSH-005', { what: `${target.name} was not done after ${deadlineSeconds} seconds` })
  const timer = Number.isFinite(deadlineSeconds) ? setTimeout(() => reject(late), deadlineSeconds * 1000) : undefined
  const silence =
    silenceSeconds === undefined
      ? undefined
      : watchSilence(silenceSeconds, () => reject(saysNothing(target, silenceSeconds)))
  promise.catch(() => {})
  const dispose = (): void => {
    clearTimeout(timer)
    silence?.stop()
    signal.removeEventListener('abort', abort)
  }
  return { promise, dispose, hear: (text: string): void => silence?.hear(text) }
}

function refuse(target: Target, server: MemoryServer): void {
  if (server.reach === 'unreachable') throw failure('TRI-SSH-001', { what: `${target.name} does not answer` })
  if (server.reach === 'locked') throw failure('TRI-SSH-002', { what: `${target.name} accepts none of your keys` })
}

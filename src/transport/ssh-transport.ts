import { AnswerTooLarge, AnswerTooSlow, openChannel, ChannelBroken, type Channel } from './channel.ts'
import { createSemaphore, type Semaphore } from './semaphore.ts'
import { createMaster, findSocket, type Master, openAnother } from './master.ts'
import type { Mode } from './remote-wrapper.ts'
import { makeSocketFolder } from './socket-folder.ts'
import { channelArguments, limits } from './ssh-command.ts'
import { answerTooLarge, classifyBroken, deadlinePassed, saysNothing } from './classify-broken-channel.ts'
import type { Connection, Target, RunOptions, RunResult, Transport } from './transport.ts'
import { sendFile } from './send-file.ts'
import type { Readable } from 'node:stream'

/** State that all connections to one target share. */
interface Shared {
  readonly master: Master
  readonly channels: Semaphore
}

interface Request extends RunOptions {
  readonly target: Target
  readonly script: string
  readonly mode: Mode
  /** The script's standard input; sent after the script. */
  readonly input?: () => Readable
}

/**
 * Reaches servers by the user's own OpenSSH, over one shared connection for each target (a control master). It stays open for a
 * minute after its last use, so that the next command can use it. A server that was reached once counts as reachable; the next
 * script finds out if it is not.
 */
export function createSshTransport(env: NodeJS.ProcessEnv = process.env): Transport {
  const newMasters = createSemaphore(limits.newMasters)
  const bySocket = new Map<string, Shared>()
  const reached = new Map<string, Shared>()

  const shared = async (target: Target): Promise<Shared> => {
    const socket = await findSocket(target, await makeSocketFolder(env))
    const one = bySocket.get(socket) ?? {
      master: createMaster(target, socket, newMasters),
      channels: createSemaphore(limits.channelsPerHost),
    }
    bySocket.set(socket, one)
    await one.master.ensure()
    return one
  }

  return {
    async connect(target) {
      const key = JSON.stringify([target.destination, target.sshConfig])
      const one = reached.get(key) ?? (await shared(target))
      reached.set(key, one)
      return createConnection(target, one)
    },
  }
}

function createConnection(target: Target, shared: Shared): Connection {
  const closing = new AbortController()
  const request = (mode: Mode, script: string, options: RunOptions & { input?: () => Readable }): Promise<RunResult> =>
    perform(shared, { ...options, target, mode, script, signal: anyOf(closing.signal, options.signal) })

  return {
    run: (script, options = {}) => request('run', script, { deadlineSeconds: 120, ...options }),
    feed: (script, input, options = {}) => request('feed', script, { deadlineSeconds: 120, ...options, input }),
    upload: (localPath, remotePath, options = {}) =>
      sendFile(target, localPath, remotePath, options, (script, input) =>
        request('feed', script, { input, ...(options.signal && { signal: options.signal }) }),
      ),
    async follow(script, onLine, signal) {
      await request('follow', script, { onLine, signal, forget: true, mostLetters: Infinity }).catch(
        (error: unknown) => {
          if (!signal.aborted) throw error
        },
      )
    },
    another: () => openAnother(target),
    close: async () => closing.abort(new Error(`The connection to ${target.name} was closed`)),
  }
}

/** Runs one script: waits for a channel, sends it, and returns its result. */
async function perform({ master, channels }: Shared, request: Request): Promise<RunResult> {
  const leave = await channels.acquire(request.signal)
  try {
    const channel = await reach(master, request)
    return await converse(channel, request)
  } catch (error) {
    throw inOperatorsWords(error, request)
  } finally {
    leave()
  }
}

function inOperatorsWords(error: unknown, request: Request): unknown {
  const { target, mostLetters = limits.mostLetters, silenceSeconds = Infinity } = request
  if (error instanceof AnswerTooLarge) return answerTooLarge(target, mostLetters)
  if (error instanceof AnswerTooSlow) return saysNothing(target, silenceSeconds)
  return error instanceof ChannelBroken ? classifyBroken(target, error) : error
}

/**
 * A channel on which the server has said hello. An open connection does not prove that the server is alive: it may have lost
 * power since. If it does not answer, one new connection is tried. Nothing was sent until then.
 */
async function reach(master: Master, request: Request): Promise<Channel> {
  for (let renewals = 0; ; renewals += 1) {
    const epoch = master.epoch
    const channel = await handshake(master, request, renewals === 0 ? limits.helloSeconds : limits.firstHelloSeconds)
    if (!(channel instanceof ChannelBroken)) return channel
    if (renewals >= (isRefusal(channel) ? limits.channelsPerHost : 1)) throw channel
    await master.renew(epoch)
  }
}

/** The server's MaxSessions is below our limit (some hardening guides ask for 2), so more connections are needed. */
const isRefusal = ({ words }: ChannelBroken): boolean => /session request failed|open refused by peer/.test(words)

async function handshake(master: Master, request: Request, seconds: number): Promise<Channel | ChannelBroken> {
  const { target, script, mode, onLine, signal, silenceSeconds } = request
  const { mostLetters = limits.mostLetters, forget = false } = request
  const argumentsFor = (command: string): string[] => channelArguments(target, master.socket, command)
  const channel = openChannel({ script, mode, onLine, mostLetters, forget, silenceSeconds, argumentsFor })
  const silence = new ChannelBroken(null, 'silence', 'Timeout: the connection is open but the server says nothing')
  try {
    await settleWithin(channel.hello, seconds, signal, silence)
    return channel
  } catch (error) {
    channel.end()
    if (error instanceof ChannelBroken) return error
    throw error
  }
}

async function converse(channel: Channel, request: Request): Promise<RunResult> {
  const { target, signal, deadlineSeconds } = request
  try {
    channel.send(request.input?.())
    return await settleWithin(channel.result, deadlineSeconds, signal, deadlinePassed(target, deadlineSeconds))
  } finally {
    channel.end()
  }
}

/** Waits until the promise settles, the time is over, or the signal aborts, whichever comes first. */
async function settleWithin<T>(
  promise: Promise<T>,
  seconds: number | undefined,
  signal: AbortSignal | undefined,
  late: Error,
): Promise<T> {
  signal?.throwIfAborted()
  const cut = Promise.withResolvers<never>()
  const abort = (): void => cut.reject(signal!.reason)
  const isBounded = seconds !== undefined && Number.isFinite(seconds)
  const timer = isBounded ? setTimeout(() => cut.reject(late), seconds * 1000) : undefined
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, cut.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

const anyOf = (first: AbortSignal, second: AbortSignal | undefined): AbortSignal =>
  second === undefined ? first : AbortSignal.any([first, second])

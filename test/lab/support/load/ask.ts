import { Agent, request } from 'node:http'
import type { Visit } from './visits.ts'

export interface Reply {
  /** The status, or the code of the error that took the answer's place. */
  readonly outcome: number | string
  readonly body: string
  /** The connection had served before, and ended before a single byte of this answer. */
  readonly wasStale: boolean
}

/** The connections of many visitors: some keep theirs, others come over a fresh one each time. */
export interface Client {
  readonly ask: (visit: Visit, connection: 'kept' | 'fresh') => Promise<Reply>
  readonly close: () => void
}

/**
 * Kept connections that idle for four seconds are closed from this side, as a good client does; nobody at the other end
 * is that impatient.
 */
export function createClient(url: string, deadlineMilliseconds: number): Client {
  const agents = {
    kept: new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo', timeout: 4000 }),
    fresh: new Agent({ keepAlive: false }),
  }
  return {
    ask: (visit, connection) => ask(url, visit, agents[connection], deadlineMilliseconds),
    close: () => {
      agents.kept.destroy()
      agents.fresh.destroy()
    },
  }
}

function ask(url: string, visit: Visit, agent: Agent, deadlineMilliseconds: number): Promise<Reply> {
  const { method, path, headers, body } = visit
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let hasAnswered = false
    const settle = (outcome: number | string): void => {
      clearTimeout(deadline)
      const wasStale = typeof outcome === 'string' && sent.reusedSocket && !hasAnswered && outcome !== timedOut
      resolve({ outcome, body: Buffer.concat(chunks).toString(), wasStale })
    }
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(new URL(path, url), { agent, method, headers: { ...headers, ...length } }, (response) => {
      hasAnswered = true
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => settle(response.statusCode ?? 0))
      response.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
    })
    const giveUp = (): void => {
      settle(timedOut)
      sent.destroy()
    }
    const deadline = setTimeout(giveUp, deadlineMilliseconds)
    sent.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
    sent.end(body)
  })
}

const timedOut = 'ETIMEDOUT'

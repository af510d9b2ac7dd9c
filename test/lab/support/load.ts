import { Agent, request } from 'node:http'

export interface Answered {
  /** Milliseconds after the load began. */
  readonly sentAt: number
  readonly milliseconds: number
  /** The HTTP status, or the code of the error that took its place. */
  readonly outcome: number | string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface LoadOptions {
  readonly url: string
  /** Requests a second, sent on time whether or not earlier ones were answered. */
  readonly rate: number
  readonly seconds: number
  /** Over kept connections, or each over a fresh one. */
  readonly keepAlive: boolean
  readonly deadlineMilliseconds?: number
}

/**
 * An open-loop load of one kind of request: bounded in rate and time, and it ends by itself. For what visitors make of a
 * change that takes as long as it takes, see `load/start-load.ts`.
 */
export async function load(options: LoadOptions): Promise<readonly Answered[]> {
  const agent = new Agent({ keepAlive: options.keepAlive, maxSockets: 256 })
  const total = Math.round(options.rate * options.seconds)
  const startedAt = performance.now()
  const all: Promise<Answered>[] = []
  for (let number = 0; number < total; number += 1) {
    const due = startedAt + (number * 1000) / options.rate
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    all.push(ask(options, agent, startedAt))
  }
  const answers = await Promise.all(all)
  agent.destroy()
  return answers
}

/** The longest time, in milliseconds, between two good answers, counted by when their requests were sent. */
export function longestGap(answers: readonly Answered[]): number {
  const good = answers.filter(({ outcome }) => outcome === 200).map(({ sentAt }) => sentAt)
  const sorted = good.toSorted((a, b) => a - b)
  return Math.max(0, ...sorted.slice(1).map((at, index) => at - sorted[index]!))
}

function ask({ url, deadlineMilliseconds = 5000 }: LoadOptions, agent: Agent, startedAt: number): Promise<Answered> {
  const sentAt = performance.now() - startedAt
  const began = performance.now()
  return new Promise((resolve) => {
    const settle = (outcome: number | string, headers: Answered['headers'] = {}): void =>
      resolve({ sentAt, milliseconds: performance.now() - began, outcome, headers })
    const sent = request(url, { agent, timeout: deadlineMilliseconds }, (response) => {
      response.on('data', () => {})
      response.on('end', () => settle(response.statusCode ?? 0, response.headers))
      response.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'error'))
    })
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    sent.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'error'))
    sent.end()
  })
}

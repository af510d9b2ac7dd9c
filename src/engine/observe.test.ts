import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { EventBody } from '../events/event.ts'
import { components } from '../components/index.ts'
import { contextFor, nineServers } from '../components/testing/stacks.ts'
import type { Unreachable } from '../observation/observation.ts'
import { type Ask, createMemoryTransport } from '../transport/memory-transport.ts'
import { observe, type ObserveOptions } from './observe.ts'

const stack = nineServers(components)
const server = stack.servers[0]!
const secrets = contextFor(stack, server.name).secret

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Asks a server that says such a line each second, and never ends: what is known of it, after how many seconds. */
async function askWhoSays(line: (mark: string) => string | undefined, options: Partial<ObserveOptions> = {}) {
  const transport = createMemoryTransport((script: string, { say, signal }: Ask) => {
    const [, mark = ''] = /echo '?([0-9a-f]{32}) waits/.exec(script) ?? []
    const speaking = setInterval(() => {
      const said = line(mark)
      if (said !== undefined) say(said)
    }, 1000)
    signal.addEventListener('abort', () => clearInterval(speaking))
    return new Promise(() => {})
  })
  const events: EventBody[] = []
  const connect = () => transport.connect({ name: server.name, destination: 'there' })
  const asking = observe([server], { stack, components, connect, secrets, emit: (one) => events.push(one), ...options })
  const askedAt = Date.now()
  const answered = asking.then((answers) => ({ answers, seconds: (Date.now() - askedAt) / 1000 }))
  await vi.advanceTimersByTimeAsync(300_000)
  const { answers, seconds } = await answered
  return { seconds, why: (answers.get(server.name) as Unreachable).unreachable, events }
}

it('waits for nobody who says nothing', async () => {
  const { seconds, why } = await askWhoSays(() => undefined)
  expect(seconds).toBeLessThan(12)
  expect(why).toBe('Nothing more came from it for 10 seconds')
})

it('waits half a minute for whoever says anything but an answer', async () => {
  const { seconds, why } = await askWhoSays(() => 'a line')
  expect(seconds).toBeLessThan(33)
  expect(why).toContain('was not done after 30 seconds')
})

it('waits for an apply that is at work, and says so, but not for ever', async () => {
  const { seconds, events } = await askWhoSays((mark) => `${mark} waits`)
  expect(seconds).toBeGreaterThan(89)
  expect(seconds).toBeLessThan(123)
  expect(events.filter(({ type }) => type === 'note')).toHaveLength(1)
})

it('tells a status at once, whatever is at work', async () => {
  const { seconds } = await askWhoSays((mark) => `${mark} waits`, { patienceSeconds: 1 })
  expect(seconds).toBeLessThan(33)
})

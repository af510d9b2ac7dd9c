import { expect, it } from 'vitest'
import type { Server } from '../stack/stack.ts'
import { createMemoryTransport } from '../transport/memory-transport.ts'
import { takeLock } from './lock.ts'

const server = (name: string): Server => ({ name, tier: 'app', index: 1, address: '198.18.0.1', destination: name })

it('a server that takes the connection and never says anything holds nobody up', async () => {
  const transport = createMemoryTransport((_script, { server: { name }, say, signal }) => {
    if (name !== 'unreachable') say('held a mark')
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve({})))
  })
  const startedAt = performance.now()
  const { marks, unlock } = await takeLock([server('unreachable'), server('well'), server('unreachable')], {
    connect: ({ name, destination }) => transport.connect({ name, destination }),
    owner: 'ana@laptop',
    waitSeconds: 0.1,
    answerSeconds: 0.2,
  })
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  expect([...marks]).toEqual([['well', 'a mark']])
  await unlock()
})

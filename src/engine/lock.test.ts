import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Server } from '../stack/stack.ts'
import { createMemoryTransport } from '../transport/memory-transport.ts'
import { createBashTransport } from '../transport/testing/bash-transport.ts'
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

/** In a real bash, with a real flock; the folder of locks is made root's. */
describe.skipIf(process.getuid?.() !== 0)('the lock of a server', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trimaran-lock-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const take = (owner: string) => {
    const transport = createBashTransport(root)
    return takeLock([server('app-1')], { connect: (target) => transport.connect(target), owner, waitSeconds: 0.2 })
  }
  const ofOthers = (what: string) => ({
    code: 'TRI-LOCK-001',
    facts: { what: expect.stringContaining(what) as string },
  })

  it('is held by one, who is named to all others, and free once that one lets go', async () => {
    const ana = await take('ana@laptop')
    await expect(take('ben@desk')).rejects.toMatchObject(ofOthers('ana@laptop since '))
    await ana.unlock()
    const ben = await take('ben@desk')
    await expect(take('ana@laptop')).rejects.toMatchObject(ofOthers('ben@desk since '))
    await ben.unlock()
  })

  it('tells by its mark whether somebody else held it meanwhile', async () => {
    const marks: unknown[] = []
    for (const owner of ['ana', 'ben']) {
      const { marks: before, unlock } = await take(owner)
      marks.push(before.get('app-1'))
      await unlock()
    }
    expect(marks[0]).toMatch(/^[0-9a-f-]{36} never$/)
    expect(marks[1]).toMatch(/^[0-9a-f-]{36} \d+\.\d+$/)
  })
})

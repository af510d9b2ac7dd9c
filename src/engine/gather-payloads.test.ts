import { expect, it } from 'vitest'
import { failure } from '../errors/failure.ts'
import { type Archive, gatherPayloads } from './gather-payloads.ts'

it('gives the path of each', async () => {
  const paths = await gatherPayloads(['static:one', 'node:24:amd64'], (name) =>
    Promise.resolve({ path: `/kept/${name}` }),
  )
  expect([...paths]).toEqual([
    ['static:one', { path: '/kept/static:one' }],
    ['node:24:amd64', { path: '/kept/node:24:amd64' }],
  ])
})

it('waits for all, and says that no server was changed when one cannot be had', async () => {
  const build = Promise.withResolvers<Archive>()
  let isBuilt = false
  const gathering = gatherPayloads(['release:one', 'node:99:amd64'], (name) =>
    name.startsWith('node')
      ? Promise.reject(failure('TRI-RELEASE-003', { what: 'There is no Node.js 99' }))
      : build.promise.finally(() => (isBuilt = true)),
  )
  build.resolve({ path: '/kept/one' })
  await expect(gathering).rejects.toMatchObject({
    code: 'TRI-RELEASE-003',
    facts: { what: 'There is no Node.js 99', state: 'no server was changed' },
  })
  expect(isBuilt).toBe(true)
})

it('leaves an interruption as it is', async () => {
  const interrupted = new Error('interrupted')
  await expect(gatherPayloads(['release:one'], () => Promise.reject(interrupted))).rejects.toBe(interrupted)
})

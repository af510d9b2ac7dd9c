import { expect, it } from 'vitest'
import { components } from '../components/index.ts'
import { fiveServers, nineServers } from '../components/testing/stacks.ts'
import type { Answers } from '../observation/observation.ts'
import { firstOrders } from '../stack/orders.ts'
import type { Stack } from '../stack/stack.ts'
import { createTone } from '../ui/tone.ts'
import { leaveOutSilent, tellLeftOut } from './left-out.ts'

const [five, nine] = [fiveServers(components), nineServers(components)]
const standing = { ...firstOrders('r2'), drained: ['web-2'] }

const without = (stack: Stack, ...silent: readonly string[]): Answers =>
  new Map(
    stack.servers.map(({ name }) => [
      name,
      silent.includes(name) ? { unreachable: 'no answer' } : ({ manifest: [] } as never),
    ]),
  )
const ordered = (stack: Stack, ...silent: readonly string[]) =>
  leaveOutSilent(standing, without(stack, ...silent), { stack })

it('has those left out that do not answer, and only them', () => {
  expect(ordered(nine)).toBe(standing)
  expect(ordered(nine, 'app-2')).toEqual({ ...standing, number: 2, unaware: ['app-2'] })
  expect(leaveOutSilent(ordered(nine, 'app-2'), without(nine, 'app-2'), { stack: nine }).number).toBe(2)
})

it('leaves those that get no release as they are, and those that stay out anyway', () => {
  expect(ordered(nine, 'db-2', 'lb-1', 'web-2')).toBe(standing)
})

it('never has all of a tier left out', () => {
  expect(ordered(five, 'app-1')).toBe(standing)
  expect(ordered(nine, 'app-1', 'app-2')).toBe(standing)
  // The other one is drained.
  expect(ordered(nine, 'web-1')).toBe(standing)
})

it('says what they may do until they are told', () => {
  const orders = { ...standing, unaware: ['app-2'] }
  const said = tellLeftOut(['app-2', 'web-1'], { orders }, { tone: createTone({ isTTY: false }, {}) }).split('\n')
  expect(said).toEqual([
    expect.stringMatching(/^! app-2 did not answer: .*nothing is sent there/),
    expect.stringMatching(/^! web-1 did not answer: .*what ran last is served there/),
  ])
})

import { expect, it } from 'vitest'
import { components } from '../../components/index.ts'
import { fiveServers, nineServers } from '../../components/testing/stacks.ts'
import type { Answers } from '../../observation/observation.ts'
import { firstStackState } from '../../stack/stack-state.ts'
import type { Stack } from '../../stack/stack.ts'
import { excludeUnreachable } from './exclude-unreachable.ts'

const [five, nine] = [fiveServers(components), nineServers(components)]
const current = { ...firstStackState('r2'), drained: ['web-2'] }

const without = (stack: Stack, ...unreachable: readonly string[]): Answers =>
  new Map(
    stack.servers.map(({ name }) => [
      name,
      unreachable.includes(name) ? { unreachable: 'no answer' } : ({ manifest: [] } as never),
    ]),
  )
const ordered = (stack: Stack, ...unreachable: readonly string[]) =>
  excludeUnreachable(current, without(stack, ...unreachable), { stack })

it('excludes those that are unreachable, and only them', () => {
  expect(ordered(nine)).toBe(current)
  expect(ordered(nine, 'app-2')).toEqual({ ...current, number: 2, excluded: ['app-2'] })
  expect(excludeUnreachable(ordered(nine, 'app-2'), without(nine, 'app-2'), { stack: nine }).number).toBe(2)
})

it('leaves those that get no release as they are, and those that stay out anyway', () => {
  expect(ordered(nine, 'db-2', 'lb-1', 'web-2')).toBe(current)
})

it('never excludes all of a tier', () => {
  expect(ordered(five, 'app-1')).toBe(current)
  expect(ordered(nine, 'app-1', 'app-2')).toBe(current)
  // The other one is drained.
  expect(ordered(nine, 'web-1')).toBe(current)
})

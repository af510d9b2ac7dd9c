import { expect, it } from 'vitest'
import type { Answer } from '../../observation/observation.ts'
import { firstStackState } from '../../stack/stack-state.ts'
import { drainedState, undrainedState } from './drained-state.ts'

const current = firstStackState('r1')
const answers = new Map<string, Answer>([
  ['web-1', { manifest: [] } as unknown as Answer],
  ['web-2', { unreachable: 'no answer' }],
])

it('notes who is drained, and who of them does not know of it', () => {
  const one = drainedState('web-1')(current, answers)
  expect(one).toEqual({ ...current, number: 2, drained: ['web-1'] })
  const both = drainedState('web-2')(one, answers)
  expect(both).toMatchObject({ number: 3, drained: ['web-1', 'web-2'], excluded: ['web-2'] })
  expect(undrainedState('web-2')(both)).toEqual({ ...one, number: 4, excluded: ['web-2'] })
})

it('changes nothing where it is so already', () => {
  const one = drainedState('web-1')(current, answers)
  expect(drainedState('web-1')(one, answers)).toBe(one)
  expect(undrainedState('web-2')(one)).toBe(one)
})

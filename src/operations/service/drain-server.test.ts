import { expect, it } from 'vitest'
import type { Answer } from '../../observation/observation.ts'
import { firstOrders } from '../../stack/orders.ts'
import { drainOrder, undrainOrder } from './drain-server.ts'

const standing = firstOrders('r1')
const answers = new Map<string, Answer>([
  ['web-1', { manifest: [] } as unknown as Answer],
  ['web-2', { unreachable: 'no answer' }],
])

it('notes who is drained, and who of them does not know of it', () => {
  const one = drainOrder('web-1')(standing, answers)
  expect(one).toEqual({ ...standing, number: 2, drained: ['web-1'] })
  const both = drainOrder('web-2')(one, answers)
  expect(both).toMatchObject({ number: 3, drained: ['web-1', 'web-2'], unaware: ['web-2'] })
  expect(undrainOrder('web-2')(both)).toEqual({ ...one, number: 4, unaware: ['web-2'] })
})

it('changes nothing where it is so already', () => {
  const one = drainOrder('web-1')(standing, answers)
  expect(drainOrder('web-1')(one, answers)).toBe(one)
  expect(undrainOrder('web-2')(one)).toBe(one)
})

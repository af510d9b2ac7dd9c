import { chooseRelease } from './choose-release.ts'
import { expect, it } from 'vitest'
import {
  changeOrders,
  firstOrders,
  newestOrders,
  orderRelease,
  settleOrders,
  withDigests,
  withUnaware,
} from './orders.ts'

it('believes the copy with the highest number', () => {
  const old = firstOrders('r1')
  const later = changeOrders(old, { release: 'r2' })
  expect(newestOrders([old, undefined, later, old])).toBe(later)
  expect(newestOrders([undefined])).toBeUndefined()
})

it('keeps the newest releases, and always the one that ran', () => {
  const releases = ['r2', 'r3', 'r4', 'r5', 'r6', 'r7']
  const last = releases.reduce((orders, release) => orderRelease(orders, release), firstOrders('r1'))
  expect(last).toEqual({ number: 7, release: 'r7', kept: ['r7', 'r6', 'r5', 'r4', 'r3'], drained: [] })
  const back = orderRelease(last, 'r3')
  expect(back.kept).toEqual(['r7', 'r6', 'r5', 'r4', 'r3'])
  expect(orderRelease(back, 'r8').kept).toEqual(['r8', 'r7', 'r6', 'r5', 'r3'])
})

it('tells what the releases are that it keeps, and of no others', () => {
  const digests = { app: 'a'.repeat(64), static: 'b'.repeat(64) }
  const told = withDigests(firstOrders('r1'), digests)
  expect(orderRelease(told, 'r2').digests).toEqual({ r1: digests })
  const later = ['r2', 'r3', 'r4', 'r5', 'r6'].reduce((orders, release) => orderRelease(orders, release), told)
  expect(later.digests).toEqual({})
})

it('runs a release command for the release that it was ordered for, and no other', () => {
  const ordered = orderRelease(firstOrders('r1'), 'r2', { commandOn: 'app-1' })
  expect(ordered.commandOn).toBe('app-1')
  expect(orderRelease(ordered, 'r1')).not.toHaveProperty('commandOn')
})

it('remembers which deploys were cut off, until one of these releases is deployed after all', () => {
  const second = orderRelease(firstOrders('r1'), 'r2')
  const third = orderRelease(second, 'r3', { wasCutOff: true })
  expect(third).toMatchObject({ kept: ['r3', 'r2', 'r1'], unfinished: ['r2'] })
  expect(chooseRelease(third)).toBe('r1')
  expect(chooseRelease(third, 'r2')).toBe('r2')
  expect(orderRelease(third, 'r2')).not.toHaveProperty('unfinished')
})

it('forgets who is no more, and nothing else', () => {
  const orders = { ...firstOrders('r1'), drained: ['app-2', 'web-1'], unaware: ['app-2'] }
  expect(settleOrders(orders, () => 'silent')).toBe(orders)
  expect(settleOrders(orders, (name) => (name === 'app-2' ? 'gone' : 'told'))).toEqual({
    ...firstOrders('r1'),
    number: 2,
    drained: ['web-1'],
  })
})

it('has a server that was away left out until it is told', () => {
  const orders = withUnaware(firstOrders('r2'), ['web-2', 'app-2', 'app-2'])
  expect(orders.unaware).toEqual(['app-2', 'web-2'])
  expect(settleOrders(orders, () => 'silent')).toBe(orders)
  const back = settleOrders(orders, (name) => (name === 'app-2' ? 'told' : 'silent'), ['app-2', 'web-2'])
  expect(back).toEqual({ ...firstOrders('r2'), number: 2, unaware: ['web-2'] })
  expect(settleOrders(back, () => 'told')).toEqual({ ...firstOrders('r2'), number: 3 })
  // The plan that was to tell it was cut off: the neighbours still leave it out.
  const again = settleOrders(back, () => 'silent', ['app-2', 'web-2'])
  expect(again).toEqual({ ...firstOrders('r2'), number: 3, unaware: ['app-2', 'web-2'] })
})

import { expect, it } from 'vitest'
import { changeOrders, firstOrders, newestOrders, readOrders, writeOrders } from './orders.ts'

it('reads what it wrote', () => {
  const orders = changeOrders(firstOrders('r1'), { drained: ['web-2'], maintenance: { allow: ['10.0.0.0/8'] } })
  expect(readOrders(writeOrders(orders))).toEqual(orders)
  expect(orders.number).toBe(2)
})

it('takes a broken copy for none', () => {
  expect(readOrders('')).toBeUndefined()
  expect(readOrders('{"number":"3"}')).toBeUndefined()
})

it('believes the copy with the highest number', () => {
  const old = firstOrders('r1')
  const later = changeOrders(old, { release: 'r2' })
  expect(newestOrders([old, undefined, later, old])).toBe(later)
  expect(newestOrders([undefined])).toBeUndefined()
})

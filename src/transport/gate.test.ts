import { describe, expect, it } from 'vitest'
import { createGate } from './gate.ts'

describe('createGate', () => {
  it('lets so many in, and the next when one leaves, in order', async () => {
    const gate = createGate(2)
    const inside: string[] = []
    const visit = async (name: string) => {
      const leave = await gate.enter()
      inside.push(name)
      return leave
    }
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(visit)
    await Promise.all([a, b])
    expect(inside).toEqual(['a', 'b'])
    const leave = (await a)!
    leave()
    leave() // Leaving twice gives one target back.
    await c
    await new Promise(setImmediate)
    expect(inside).toEqual(['a', 'b', 'c'])
    ;(await b)!()
    await d
    expect(inside).toEqual(['a', 'b', 'c', 'd'])
  })

  it('lets a waiter give up without taking a target', async () => {
    const gate = createGate(1)
    const leave = await gate.enter()
    const controller = new AbortController()
    const waiting = gate.enter(controller.signal)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    leave()
    await expect(gate.enter()).resolves.toBeTypeOf('function')
  })
})

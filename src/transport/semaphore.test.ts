import { describe, expect, it } from 'vitest'
import { createSemaphore } from './semaphore.ts'

describe('createSemaphore', () => {
  it('lets so many in, and the next when one leaves, in order', async () => {
    const semaphore = createSemaphore(2)
    const inside: string[] = []
    const visit = async (name: string) => {
      const leave = await semaphore.acquire()
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
    const semaphore = createSemaphore(1)
    const leave = await semaphore.acquire()
    const controller = new AbortController()
    const waiting = semaphore.acquire(controller.signal)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    leave()
    await expect(semaphore.acquire()).resolves.toBeTypeOf('function')
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseConfig } from '../config/parse-config.ts'
import { createStack } from './create-stack.ts'
import { type TierName, tierNames, tiers, tiersOf } from './tiers.ts'

const stackOf = (counts: readonly number[]) => {
  const sections = tierNames.map((tier, index) => [tier, { servers: counts[index] }] as const)
  const input = { name: 'shop', ...Object.fromEntries(sections), app: { servers: counts[2], start: 'node server.js' } }
  return createStack(parseConfig(input), { kind: 'lab', subnet: '198.18.7.0' }, () => [])
}

/** As many as the config allows of each. */
const most: Readonly<Partial<Record<TierName, number>>> = { balancer: 20, web: 80, app: 80, database: 7 }

it('gives every server of a lab a name and an address of its own', () => {
  const counts = fc.tuple(...tierNames.map((tier) => fc.integer({ min: 1, max: most[tier] ?? 1 })))
  fc.assert(
    fc.property(counts, (some) => {
      const { servers, virtualAddress } = stackOf(some)
      const taken = [...servers.map(({ address }) => address), virtualAddress?.address ?? '', '198.18.7.1']
      expect(new Set(taken).size).toBe(taken.length)
      expect(new Set(servers.map(({ name }) => name)).size).toBe(servers.length)
      expect(Math.max(...taken.map((address) => Number(address.split('.')[3] ?? 0)))).toBeLessThan(255)
    }),
  )
})

it('survives the loss of any one of enough servers, and of none fewer', () => {
  for (const tier of tierNames) {
    const { enough, survives } = tiers[tier]
    const survivesOne = (count: number): boolean => {
      const stack = stackOf(tierNames.map((name) => (name === tier ? count : 2)))
      const all = stack.servers.filter((server) => server.tier === tier)
      return all.every((lost) =>
        survives(
          all.filter((server) => server !== lost),
          stack,
        ),
      )
    }
    expect([tier, survivesOne(enough), survivesOne(1)]).toEqual([tier, true, false])
  }
})

it('lists the tiers that have servers, in the order of a request', () => {
  expect(tiersOf(stackOf([1, 1, 1, 1]))).toEqual(['balancer', 'web', 'app', 'database'])
  expect(tiersOf({ servers: [{ tier: 'database' }, { tier: 'web' }] })).toEqual(['web', 'database'])
})

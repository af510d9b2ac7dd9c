import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseConfig } from '../config/parse-config.ts'
import { createStack } from './create-stack.ts'
import type { TierName } from './stack.ts'
import { tiers, tiersOf } from './tiers.ts'

/** The tiers that every stack has, and as many servers as the config allows of each. */
const most = { balancer: 20, web: 80, app: 80, database: 7 } as const
const names = Object.keys(most) as (keyof typeof most)[]

const stackOf = (counts: Readonly<Record<keyof typeof most, number>>) => {
  const sections = names.map((tier) => [tier, { servers: counts[tier] }] as const)
  const app = { servers: counts.app, start: 'node server.js' }
  const config = parseConfig({ name: 'shop', ...Object.fromEntries(sections), app })
  return createStack(config, { kind: 'lab', subnet: '198.18.7.0' }, () => [])
}

it('gives every server of a lab a name and an address of its own', () => {
  const counts = fc.record({
    balancer: fc.integer({ min: 1, max: most.balancer }),
    web: fc.integer({ min: 1, max: most.web }),
    app: fc.integer({ min: 1, max: most.app }),
    database: fc.integer({ min: 1, max: most.database }),
  })
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

it.each(names)('%s survives the loss of any one of enough servers, and of none fewer', (tier) => {
  const survivesOne = (count: number): boolean => {
    const stack = stackOf({ balancer: 2, web: 2, app: 2, database: 2, [tier]: count })
    const all = stack.servers.filter((server) => server.tier === tier)
    return all.every((lost) =>
      tiers[tier].survives(
        all.filter((server) => server !== lost),
        stack,
      ),
    )
  }
  expect([survivesOne(tiers[tier].enough), survivesOne(1)]).toEqual([true, false])
})

it('no two tiers call their servers alike, or begin at the same address', () => {
  const all = Object.values(tiers)
  expect(new Set(all.map(({ hostPrefix }) => hostPrefix)).size).toBe(all.length)
  expect(new Set(all.map(({ labHost }) => labHost)).size).toBe(all.length)
})

it('lists the tiers that have servers, in the order of a request', () => {
  const order: readonly TierName[] = ['balancer', 'web', 'app', 'database']
  expect(tiersOf(stackOf({ balancer: 1, web: 1, app: 1, database: 1 }))).toEqual(order)
  expect(tiersOf({ servers: [{ tier: 'database' }, { tier: 'web' }] })).toEqual(['web', 'database'])
})

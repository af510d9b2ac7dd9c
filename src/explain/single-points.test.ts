import { describe, expect, it } from 'vitest'
import type { Stack } from '../stack/stack.ts'
import { limitsOutside } from './limits-outside.ts'
import { namePoints, singlePointsOfFailure } from './single-points.ts'
import { standIns } from './testing/components.ts'
import { five, forty, labStack, nine, siteStack } from '../components/testing/stacks.ts'

const lab = (counts: typeof five): Stack => labStack(standIns, counts)
const hosts = (...names: readonly string[]): readonly string[] => names.map((name) => `${name}.example.com`)

/** Two servers each of web and app and three of the database, some of which told the same address. */
const shared = (told: Readonly<Record<string, string>>): Stack =>
  siteStack(
    standIns,
    {
      balancer: hosts('lb-a', 'lb-b'),
      web: hosts('web-a', 'web-b'),
      app: hosts('app-a', 'app-b'),
      database: hosts('db-a', 'db-b', 'db-c'),
    },
    '10.0.0.10/24',
    told,
  )

interface Row {
  readonly title: string
  readonly stack: Stack
  /** `what → change (cost)` */
  readonly points: readonly string[]
}

const rows: readonly Row[] = [
  {
    title: 'five servers: three',
    stack: lab(five),
    points: [
      'web-1 → web: { servers: 2 } (one more server)',
      'app-1 → app: { servers: 2 } (one more server)',
      'db-1 → database: { servers: 3 } (two more servers)',
    ],
  },
  { title: 'nine servers: none', stack: lab(nine), points: [] },
  { title: 'forty servers: none', stack: lab(forty), points: [] },
  {
    title: 'a single balancer counts',
    stack: lab({ ...nine, balancer: 1 }),
    points: ['lb-1 → balancer: { servers: 2 } (one more server)'],
  },
  {
    title: 'two database servers: a balancer has the third etcd member',
    stack: lab({ ...nine, database: 2 }),
    points: [],
  },
  {
    title: 'four database servers: one of five etcd members is without data',
    stack: lab({ ...nine, database: 4 }),
    points: [],
  },
  {
    title: 'named servers: the change names them',
    stack: siteStack(standIns, { ...nine, web: hosts('web-a'), database: hosts('db-a', 'db-b') }, '10.0.0.10/24'),
    points: ["web-1 → web: { servers: ['web-a.example.com', 'another-server'] } (one more server)"],
  },
  {
    title: 'a single named balancer needs an address too',
    stack: siteStack(standIns, { ...nine, balancer: hosts('lb-a') }),
    points: [
      "lb-1 → balancer: { servers: ['lb-a.example.com', 'another-server'], virtualAddress: 'free-address/24' } " +
        '(one more server and a free address in the network of the balancers)',
    ],
  },
  {
    title: 'two web servers on one machine are one',
    stack: shared({ 'web-1': '10.0.0.21', 'web-2': '10.0.0.21' }),
    points: ['10.0.0.21 → web: another machine as web-2 (one more machine)'],
  },
  {
    title: 'a machine that is shared without harm to any tier does not count',
    stack: shared({ 'web-1': '10.0.0.21', 'app-1': '10.0.0.21' }),
    points: [],
  },
  {
    title: 'two of three database servers on one machine are a majority on it',
    stack: shared({ 'db-1': '10.0.0.41', 'db-2': '10.0.0.41' }),
    points: ['10.0.0.41 → database: another machine as db-2 (one more machine)'],
  },
]

describe('single points of failure', () => {
  it.each(rows)('$title', ({ stack, points }) => {
    const found = singlePointsOfFailure(stack).map(({ what, change, cost }) => `${what} → ${change} (${cost})`)
    expect(found).toEqual(points)
  })

  it('are counted by servers', () => {
    expect(namePoints(singlePointsOfFailure(lab({ ...five, database: 2 })))).toEqual(['web-1', 'app-1'])
  })

  it('say what the loss of a majority means', () => {
    const [point] = singlePointsOfFailure(shared({ 'db-1': '10.0.0.41', 'db-2': '10.0.0.41' }))
    expect(point?.consequence).toContain('No acknowledged write is lost')
    expect(point?.consequence).toContain('so there is no primary')
  })
})

describe('limits outside', () => {
  it('remain when there is no single point within', () => {
    const limits = limitsOutside(lab(nine)).map(({ what }) => what)
    expect(limits).toEqual(['one place', 'one network', 'the name', 'the release', 'mistakes in data'])
  })

  it('name the provider whose command moves the address', () => {
    const stack = lab(nine)
    const moved = { ...stack, virtualAddress: { address: '203.0.113.10', prefixLength: 24, move: './move-address.sh' } }
    expect(limitsOutside(moved).find(({ what }) => what === 'the provider')?.why).toContain('./move-address.sh')
  })
})

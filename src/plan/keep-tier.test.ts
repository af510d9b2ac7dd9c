import { expect, it } from 'vitest'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import { keepTier } from './keep-tier.ts'
import type { Plan, ServerChange } from './plan.ts'

const serverOf = (name: string, tier: Server['tier']): Server => ({
  name,
  tier,
  index: 1,
  address: '198.18.0.11',
  destination: name,
})
const balancer = serverOf('lb-1', 'balancer')
const app = serverOf('app-1', 'app')

const changeOf = (server: Server, component: string): ServerChange => ({
  server,
  changes: [
    {
      component,
      steps: [{ kind: 'file', name: '/x', action: 'change', reason: '', disturbs: 'nothing', apply: sh`true` }],
    },
  ],
  isNew: false,
  disturbs: 'nothing',
  manifest: [],
  adopts: [],
})

const planOf = (...changes: readonly ServerChange[]): Plan => ({
  stack: 'guestbook',
  waves: changes.map((change) => ({ title: change.server.name, changes: [change] })),
  unreachable: [],
  refusals: [],
  warnings: [],
})

const told = (plan: Plan): readonly string[] =>
  keepTier(plan, 'balancer', { servers: [balancer, app] }).waves.flatMap(({ changes }) =>
    changes.map(({ server }) => server.name),
  )

it('lets all servers have their copies of the stack state', () => {
  expect(told(planOf(changeOf(balancer, 'haproxy'), changeOf(app, 'stack')))).toEqual(['lb-1', 'app-1'])
})

it('leaves what else is left to do elsewhere, and says so', () => {
  const plan = planOf(changeOf(app, 'stack'), changeOf(app, 'app'), changeOf(balancer, 'haproxy'))
  expect(told(plan)).toEqual(['lb-1'])
  expect(keepTier(plan, 'balancer', { servers: [balancer, app] }).warnings).toHaveLength(1)
})

it('is not stopped by what stands in the way on servers of other tiers', () => {
  const plan = {
    ...planOf(changeOf(balancer, 'haproxy')),
    refusals: [
      { server: 'app-1', what: 'a port is taken', next: 'free it' },
      { server: 'lb-1', what: 'no disk', next: 'make room' },
    ],
  }
  const kept = keepTier(plan, 'balancer', { servers: [balancer, app] })
  expect(kept.refusals.map(({ server }) => server)).toEqual(['lb-1'])
})

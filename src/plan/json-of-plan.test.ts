import { expect, it } from 'vitest'
import type { Plan } from './plan.ts'
import type { Step } from '../resources/resource.ts'
import { sh } from '../shell/sh.ts'
import { jsonOfPlan } from './json-of-plan.ts'

const secret = 'hunter2'
const step: Step = {
  kind: 'file',
  name: '/etc/app/secrets',
  action: 'change',
  reason: 'has other content',
  disturbs: 'restart',
  prepare: sh`echo ${secret}`,
  apply: sh`echo ${secret}`,
  rollBack: sh`echo ${secret}`,
  settle: sh`echo ${secret}`,
  payload: secret,
}

it('tells what happens where and why, and none of the scripts that do it', () => {
  const server = { name: 'app-1', tier: 'app', index: 1, address: '198.18.0.111', destination: 'app-1' } as const
  const plan: Plan = {
    stack: 'guestbook',
    waves: [
      {
        title: 'app: app-1',
        changes: [
          {
            server,
            changes: [{ component: 'app', steps: [step] }],
            isNew: false,
            disturbs: 'restart',
            manifest: [],
            adopts: [],
          },
        ],
      },
    ],
    unreachable: [],
    refusals: [],
    warnings: ['nobody serves meanwhile'],
  }
  const printed = JSON.stringify(jsonOfPlan(plan))
  expect(printed).not.toContain(secret)
  expect(JSON.parse(printed)).toMatchObject({
    stack: 'guestbook',
    warnings: ['nobody serves meanwhile'],
    waves: [
      {
        title: 'app: app-1',
        changes: [
          {
            server: { name: 'app-1' },
            changes: [{ component: 'app', steps: [{ name: '/etc/app/secrets', reason: 'has other content' }] }],
          },
        ],
      },
    ],
  })
})

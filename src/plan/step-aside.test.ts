import { keepalived } from '../components/keepalived/index.ts'
import { expect, it } from 'vitest'
import { fiveServers, serverNamed } from '../components/testing/stacks.ts'
import type { Observation } from '../observation/observation.ts'
import type { Step } from '../resources/resource.ts'
import { handOverPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import type { ServerPlan } from './plan.ts'
import { stepAsideWaves } from './waves.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const server = serverNamed(fiveServers([]), 'lb-1')
const step = (name: string): Step => ({
  kind: 'file',
  name,
  action: 'change',
  reason: '',
  disturbs: 'reload',
  apply: sh`true`,
})
const serverPlan = (changed: readonly string[]): ServerPlan => ({
  change: {
    server,
    changes: changed.map((component) => ({ component, steps: [step(component)] })),
    isNew: false,
    disturbs: 'reload',
    manifest: [],
    adopts: [],
  },
  observation: {
    manifest: manifestFrom(`keepalived file ${handOverPath('keepalived.service')}`),
  } as unknown as Observation,
})
const told = (changed: readonly string[], candidates: readonly string[]): readonly string[] =>
  stepAsideWaves('balancer', serverPlan(changed), {
    components: [keepalived],
    candidatesFor: () => candidates,
    pausersOf: () => [],
  }).map(({ changes }) =>
    changes
      .flatMap((one) => one.changes.flatMap(({ steps }) => steps.map(({ action, name }) => `${action} ${name}`)))
      .join(),
  )

it('tells visitors first, then hands over, then stands aside', () => {
  expect(told(['haproxy', 'keepalived'], ['lb-2'])).toEqual([
    'change haproxy',
    'hand over keepalived.service',
    'change keepalived',
  ])
})

it('hands over where that is all that is left to do, and goes without where nobody could take over', () => {
  expect(told([], ['lb-2'])).toEqual(['hand over keepalived.service'])
  expect(told(['haproxy', 'keepalived'], [])).toEqual(['change haproxy', 'change keepalived'])
})

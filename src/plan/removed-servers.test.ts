import { expect, it } from 'vitest'
import { app } from '../components/app/index.ts'
import { haproxy } from '../components/haproxy/index.ts'
import { fiveServers, serverNamed } from '../components/testing/stacks.ts'
import type { Observation } from '../observation/observation.ts'
import type { Server } from '../stack/stack.ts'
import { type RemovedServer, drainRemovedWaves } from './removed-servers.ts'
import type { ServerPlan, ServerChange } from './plan.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const stack = fiveServers([app])
const observation = { manifest: manifestFrom('app slots app'), health: new Map() } as unknown as Observation
const change = (server: Server): ServerChange => ({
  server,
  changes: [],
  isNew: false,
  disturbs: 'nothing',
  manifest: [],
  adopts: [],
})
const server = (name: string): RemovedServer => {
  const server: Server = { ...serverNamed(stack, 'app-1'), name }
  return { change: change(server), aside: change(server), observation }
}
const present = ['lb-1', 'web-1', 'db-1'].map((name): ServerPlan => ({
  change: change(serverNamed(stack, name)),
  observation,
}))
const context = { stack, components: [app, haproxy], present, candidatesFor: () => [], pausersOf: () => [] }

it('waits on each server that leaves, and on those that call it and stay', () => {
  const [wave, ...others] = drainRemovedWaves([server('app-2'), server('app-3')], context)
  expect(others).toEqual([])
  expect(wave!.title).toBe('wait for open requests: app-2, app-3, web-1')
  const steps = wave!.changes.map(({ server, changes }) => [
    server.name,
    ...changes.flatMap((one) => one.steps.map(({ name }) => name)),
  ])
  expect(steps).toEqual([
    ['app-2', 'the work of app-2'],
    ['app-3', 'the work of app-3'],
    ['web-1', 'requests to app-2', 'requests to app-3'],
  ])
})

it('forgets nothing of what was placed there until it is cleared', () => {
  const [wave] = drainRemovedWaves([server('app-2')], context)
  expect(wave!.changes.map(({ manifest }) => manifest)).toEqual([
    manifestFrom('app slots app'),
    manifestFrom('app slots app'),
  ])
})

it('does nothing where nobody leaves', () => {
  expect(drainRemovedWaves([], context)).toEqual([])
})

import { describe, expect, it } from 'vitest'
import { emptyBlueprint } from '../blueprint/blueprint.ts'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { Observation } from '../observation/observation.ts'
import type { Disturbance, Kind, Step } from '../resources/resource.ts'
import { sh } from '../shell/sh.ts'
import { changeServer, splitRestarts } from './change-server.ts'
import { stepsOf } from './plan.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const step = (kind: Kind, name: string, action: Step['action'], disturbs: Disturbance): Step => ({
  kind,
  name,
  action,
  reason: '',
  disturbs,
  apply: sh`true`,
})

describe('a change that restarts something', () => {
  it('keeps what a component needs for its end until it has ended', () => {
    const stops = { component: 'etcd', steps: [step('unit', 'etcd.service', 'stop', 'restart')] }
    const files = { component: 'etcd', steps: [step('file', '/usr/local/lib/x/leave', 'remove', 'nothing')] }
    const others = { component: 'haproxy', steps: [step('file', '/etc/haproxy/haproxy.cfg', 'change', 'reload')] }
    const { gentle, restarts } = splitRestarts({
      server: serverNamed(nineServers([]), 'lb-1'),
      changes: [stops, files, others],
      isNew: false,
      disturbs: 'restart',
      manifest: [],
      adopts: [],
    })
    expect(gentle?.changes).toEqual([others])
    expect(restarts?.changes).toEqual([stops, files])
  })
})

describe('a manifest that somebody wrote into', () => {
  it('is written anew, though nothing else is to be done', () => {
    const server = serverNamed(nineServers([]), 'lb-1')
    const surroundings = {
      order: [],
      stoppingAfterCallers: [],
      isAuxiliary: () => false,
      staysUp: true,
      stayingFor: () => undefined,
    }
    const change = (more: Partial<Observation>) =>
      changeServer(
        emptyBlueprint(server),
        { manifest: [], resources: new Map(), ...more } as unknown as Observation,
        surroundings,
      )
    expect(change({})).toBeUndefined()
    expect(change({ isManifestForged: true })).toMatchObject({ changes: [], manifest: [], disturbs: 'nothing' })
  })
})

describe('a component that is auxiliary', () => {
  it('ends before its files are taken away, and is no reason to let another server lead', () => {
    const server = serverNamed(nineServers([]), 'lb-1')
    const observation: Observation = {
      host: {} as Observation['host'],
      resources: new Map(),
      manifest: manifestFrom('observer file /etc/trimaran/observer.json', 'observer unit trimaran-observer.service'),
      health: new Map(),
    }
    const surroundings = {
      order: ['observer'],
      stoppingAfterCallers: [],
      isAuxiliary: () => true,
      staysUp: true,
      stayingFor: () => ['lb-1'],
    }
    const change = changeServer(emptyBlueprint(server), observation, surroundings)!
    expect(stepsOf(change).map(({ action, name }) => `${action} ${name}`)).toEqual([
      'stop trimaran-observer.service',
      'remove /etc/trimaran/observer.json',
    ])
    expect(change.disturbs).toBe('nothing')
  })
})

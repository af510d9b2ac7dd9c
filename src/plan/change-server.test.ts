import { describe, expect, it } from 'vitest'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { Disturbance, Kind, Step } from '../resources/resource.ts'
import { sh } from '../shell/sh.ts'
import { splitRestarts } from './change-server.ts'

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

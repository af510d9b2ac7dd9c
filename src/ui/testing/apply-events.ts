import type { Progress } from '../../events/event.ts'
import type { StepName } from '../sentences.ts'

/** An apply as it may happen: what is told, and after how many milliseconds. */
export type Happening = readonly [afterMilliseconds: number, event: Progress]

const step = (component: string, action: StepName['action'], kind: StepName['kind'], name: string): StepName => ({
  component,
  action,
  kind,
  name,
  reason: 'because',
})

const does = (server: string, wait: number, took: number, what: StepName): readonly Happening[] => [
  [wait, { type: 'step-started', server, step: what }],
  [took, { type: 'step-done', server, step: what, milliseconds: took }],
]

const nginxSays = [
  ...Array.from({ length: 14 }, (_, index) => `nginx: line ${index + 1} of its story`),
  'nginx: [emerg] unexpected "}" in /etc/nginx/nginx.conf:14',
  'nginx: configuration file /etc/nginx/nginx.conf test failed',
]

/** A lab is booted, five servers are asked, one is off, one wave goes well, the next fails on a server. */
export const failingApply: readonly Happening[] = [
  [0, { type: 'stage', name: 'booting lab servers', detail: 'lb-1', done: 0, total: 5 }],
  [900, { type: 'stage', name: 'booting lab servers', detail: 'web-1', done: 2, total: 5 }],
  [900, { type: 'stage', name: 'booting lab servers', detail: 'db-1', done: 5, total: 5 }],
  [10, { type: 'stage', name: 'building release 20261122-120000-abc1234', detail: 'npm ci' }],
  [2100, { type: 'stage', name: 'building release 20261122-120000-abc1234', detail: 'added 12 packages' }],
  [300, { type: 'observed', server: 'db-1', milliseconds: 310 }],
  [10, { type: 'observed', server: 'web-1', milliseconds: 320 }],
  [10, { type: 'observed', server: 'web-2', milliseconds: 330 }],
  [
    5000,
    {
      type: 'unreachable',
      server: 'app-1',
      why: 'No route to host: the server is off\nssh: connect to host 198.18.0.31 port 22: No route to host',
    },
  ],
  [10, { type: 'apply-started', servers: ['db-1', 'web-1', 'web-2'], steps: 9, waves: 3 }],
  [0, { type: 'wave-started', wave: 1, title: 'database', servers: ['db-1'] }],
  [5, { type: 'note', level: 'info', text: 'sending release 20261122-120000-abc1234 to db-1' }],
  ...does('db-1', 10, 6100, step('etcd', 'install', 'package', 'etcd-server etcd-client')),
  ...does('db-1', 1, 30, step('etcd', 'create', 'file', '/etc/default/etcd')),
  ...does('db-1', 1, 1400, step('etcd', 'start', 'unit', 'etcd.service')),
  ...does('db-1', 1, 20, step('postgres', 'create', 'user', 'app')),
  [10, { type: 'server-done', server: 'db-1', milliseconds: 7600 }],
  [1, { type: 'wave-started', wave: 2, title: 'web', servers: ['web-1', 'web-2'] }],
  ...does('web-1', 5, 40, step('nginx', 'change', 'file', '/etc/nginx/nginx.conf')),
  ...does('web-2', 5, 40, step('nginx', 'change', 'file', '/etc/nginx/nginx.conf')),
  ...does('web-1', 5, 900, step('nginx', 'reload', 'unit', 'nginx.service')),
  [1, { type: 'server-done', server: 'web-1', milliseconds: 1100 }],
  [1, { type: 'step-started', server: 'web-2', step: step('nginx', 'reload', 'unit', 'nginx.service') }],
  [
    2500,
    {
      type: 'step-failed',
      server: 'web-2',
      step: step('nginx', 'reload', 'unit', 'nginx.service'),
      output: nginxSays.join('\n'),
    },
  ],
  [200, { type: 'rolled-back', server: 'web-2', component: 'nginx', restored: true }],
  [1, { type: 'server-failed', server: 'web-2', why: 'a step failed and was rolled back' }],
  [1, { type: 'note', level: 'warning', text: 'web-1 serves the new release, web-2 the old one' }],
  [1, { type: 'apply-done', ok: false, steps: 9, milliseconds: 11_400 }],
]

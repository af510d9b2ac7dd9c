export { clientPort, metricsPort } from './ports.ts'

import { sh } from '../../shell/sh.ts'
import { votes } from '../../stack/stack.ts'
import type { Component } from '../component.ts'
import { explainEtcd } from './explain.ts'
import { askEtcd, readEtcd } from './health.ts'
import { clientPort, metricsPort, peerPort } from './ports.ts'
import { firstStartFile, settingsFile, unitFile } from './render-files.ts'

/** The votes that decide who leads the database: one etcd member on each database server. */
export const etcd: Component = {
  name: 'etcd',
  belongsOn: (server, stack) => votes(stack).some(({ name }) => name === server.name),
  links: () => [
    {
      from: 'database',
      to: 'database',
      component: 'etcd',
      protocol: 'tcp',
      port: clientPort,
      why: 'Patroni asks the votes who leads',
    },
    {
      from: 'database',
      to: 'database',
      component: 'etcd',
      protocol: 'tcp',
      port: peerPort,
      why: 'the votes find a majority among themselves',
    },
  ],
  packages: ['etcd-server', 'etcd-client'],
  listens: () => [clientPort, peerPort, metricsPort].map((port) => ({ port, unit: 'etcd.service' })),
  render: ({ server, stack }) => [
    settingsFile(server),
    firstStartFile(server, stack),
    unitFile(),
    {
      kind: 'unit',
      name: 'etcd.service',
      state: 'running',
      // The member itself is asked, not the majority: its neighbours may be starting at the same moment, or be away.
      probe: sh`curl -s -m 1 -o /dev/null ${`http://127.0.0.1:${metricsPort}/health`}`,
    },
  ],
  health: { ask: askEtcd, read: readEtcd },
  explain: explainEtcd,
}

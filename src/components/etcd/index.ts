export { type Caller, callerFiles, etcdctlVariables } from './certificates.ts'
export { places as etcdPlaces, settingsPath } from './places.ts'
export { clientPort, metricsPort, peerPort } from './ports.ts'

import { sh } from '../../shell/sh.ts'
import { votes } from '../../stack/stack.ts'
import type { Component } from '../component.ts'
import { certificateFiles } from './certificates.ts'
import { explainEtcd, remarkOnVotes } from './explain.ts'
import { etcdDetails } from './details.ts'
import { askEtcd, readEtcd } from './health.ts'
import { clientPort, metricsPort, peerPort } from './ports.ts'
import { linksOfVotes } from './links.ts'
import { pruneVotes } from './prune-votes.ts'
import { scriptFiles, settingsFile, unitFile, votesFile } from './render-files.ts'

/** The votes that decide who leads the database: one etcd member on each database server, and never an even number. */
export const etcd: Component = {
  name: 'etcd',
  belongsOn: (server, stack) => votes(stack).some(({ name }) => name === server.name),
  links: linksOfVotes,
  packages: ['etcd-server', 'etcd-client', 'python3'],
  listens: () => [
    ...[clientPort, peerPort].map((port) => ({ port, unit: 'etcd.service', reach: 'network' as const })),
    { port: metricsPort, unit: 'etcd.service', reach: 'loopback' },
  ],
  render: (context) => [
    ...certificateFiles(context),
    settingsFile(context.server),
    votesFile(context.stack),
    ...scriptFiles(),
    unitFile(),
    {
      kind: 'unit',
      name: 'etcd.service',
      state: 'running',
      // The member itself is asked, not the majority: its neighbours may be starting at the same moment, or be away.
      probe: sh`curl -s -m 1 -o /dev/null ${`http://127.0.0.1:${metricsPort}/health`}`,
      // Votes join one after the other.
      deadlineSeconds: 90,
    },
    ...pruneVotes(context.stack),
  ],
  health: { ask: askEtcd, read: readEtcd, details: etcdDetails },
  isGuest: ({ tier }) => tier !== 'database',
  explain: explainEtcd,
  remarks: remarkOnVotes,
}

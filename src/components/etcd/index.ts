export { type Caller, callerFiles } from './certificates.ts'
export { paths as etcdPaths, settingsPath } from './paths.ts'
export { clientPort, metricsPort, peerPort } from './ports.ts'

import { sh } from '../../shell/sh.ts'
import { etcdMembers } from '../../stack/stack.ts'
import type { Component } from '../component.ts'
import { certificateFiles } from './certificates.ts'
import { explainEtcd, remarkOnMembers } from './explain.ts'
import { type EtcdDetails, etcdDetails, reportMember } from './details.ts'
import { askEtcd, readEtcd } from './health.ts'
import { clientPort, metricsPort, peerPort } from './ports.ts'
import { linksOfMembers } from './links.ts'
import { programs } from './programs.ts'
import { pruneMembers } from './prune-members.ts'
import { settingsFile, unitFile, memberListFile } from './render-files.ts'

/** etcd, which decides who leads the database: one member on each database server, and never an even number in all. */
export const etcd: Component<EtcdDetails> = {
  name: 'etcd',
  belongsOn: (server, stack) => etcdMembers(stack).some(({ name }) => name === server.name),
  links: linksOfMembers,
  packages: ['etcd-server', 'etcd-client', 'python3'],
  owns: { daemons: ['etcd'] },
  listens: () => [
    ...[clientPort, peerPort].map((port) => ({ port, unit: 'etcd.service', reach: 'network' as const })),
    { port: metricsPort, unit: 'etcd.service', reach: 'loopback' },
  ],
  render: (context) => [
    ...certificateFiles(context),
    settingsFile(context.server),
    memberListFile(context.stack),
    ...programs(),
    unitFile(),
    {
      kind: 'unit',
      name: 'etcd.service',
      state: 'running',
      // The member itself is asked, not the majority: its neighbours may be starting at the same moment, or be off.
      probe: sh`curl -s -m 1 -o /dev/null ${`http://127.0.0.1:${metricsPort}/health`}`,
      // Members join one after the other.
      deadlineSeconds: 90,
    },
    ...pruneMembers(context.stack),
  ],
  health: { ask: askEtcd, read: readEtcd, details: etcdDetails, report: reportMember },
  roles: { preRemoves: { unit: 'etcd.service' } },
  isAuxiliary: ({ tier }) => tier !== 'database',
  explain: explainEtcd,
  remarks: remarkOnMembers,
}

export { paths, postgresPort, restPort } from './paths.ts'
export { databaseUrl } from './app-variables.ts'
export { connectionLimit } from './tuning.ts'
import { rootFile } from '../root-file.ts'

import { databaseVariables } from './app-variables.ts'
import type { Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { type Link, serversOf } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { callerFiles } from '../etcd/index.ts'
import { checkConfig } from './check.ts'
import { explainPatroni } from './explain.ts'
import { type PatroniDetails, patroniDetails, reportDatabase } from './details.ts'
import { askPatroni, readPatroni } from './health.ts'
import { paths, postgresPort, replicaLag, replicasPort, restPort } from './paths.ts'
import { lacksWal, streams } from './follows.ts'
import { renderConfig } from './render-config.ts'
import {
  declaredDatabases,
  followsPrimary,
  passwordsHold,
  settingsHold,
  settingsInUse,
  sharedSettingsHold,
} from './conditions.ts'
import { renderPasswordSql } from './passwords.ts'
import { renderFirstSql } from './render-first-sql.ts'
import { programs } from './programs.ts'
import { renderUnit } from './render-unit.ts'

export { paths as patroniPaths } from './paths.ts'

/** The database: PostgreSQL, run by Patroni, on every database server; one of them is the primary. */
export const patroni: Component<PatroniDetails> = {
  name: 'patroni',
  belongsOn: ({ tier }) => tier === 'database',
  links: () => links,
  // Debian's patroni only depends on a library for Consul; the one for etcd must be named.
  packages: ['patroni', 'python3-etcd', 'postgresql-17'],
  packagesFor: ({ database }) => database.packages,
  owns: {
    daemons: ['patroni'],
    units: ['postgresql.service', 'postgresql@17-main.service'],
    folders: ['/var/lib/postgresql/17'],
    data: paths.data,
  },
  listens: () => [postgresPort, restPort].map((port) => ({ port, unit: 'patroni.service', reach: 'network' })),
  render: renderPatroni,
  health: { ask: askPatroni, read: readPatroni, details: patroniDetails, report: reportDatabase },
  roles: {
    leads: { tier: 'database', unit: 'patroni.service', measure: paths.measureWrites },
    preRemoves: { unit: 'patroni.service' },
    givesAppVariables: { variablesFor: databaseVariables },
  },
  explain: explainPatroni,
}

const links: readonly Link[] = [
  {
    from: 'app',
    to: 'database',
    component: 'patroni',
    protocol: 'tcp',
    ports: [postgresPort],
    why: 'the app reads and writes its data',
    service: {
      name: 'database',
      port: postgresPort,
      mode: 'primary',
      check: { method: 'OPTIONS', path: '/primary', port: restPort },
      replicas: { port: replicasPort, check: `/replica?lag=${replicaLag}` },
    },
  },
  {
    from: 'app',
    to: 'database',
    component: 'patroni',
    protocol: 'tcp',
    ports: [restPort],
    why: 'HAProxy on the app servers checks which server is the primary',
  },
  {
    from: 'database',
    to: 'database',
    component: 'patroni',
    protocol: 'tcp',
    ports: [postgresPort],
    // The observer lets a replica receive from the primary alone, once that has established its term.
    isNarrowed: true,
    why: 'replicas follow the primary',
  },
  {
    from: 'database',
    to: 'database',
    component: 'patroni',
    protocol: 'tcp',
    ports: [restPort],
    why: 'database servers compare their WAL positions before one is promoted',
  },
]

function renderPatroni(context: RenderContext): readonly Resource[] {
  const { stack, server, secret } = context
  const rest = `http://${server.address}:${restPort}`
  return [
    // 3.0.2 loses acknowledged writes when a partition heals; 4.0.7 is the first without the known ways to do so
    // (patroni#2689, #2787, #3318, #3403).
    { kind: 'package', name: 'patroni', atLeast: '4.0.7' },
    ...stack.declared.database.packages.map((name) => ({ kind: 'package', name }) as const),
    { kind: 'directory', path: paths.program, owner: 'root', group: 'root', mode: '0755' },
    ...programs(context),
    ...callerFiles(context, { name: 'patroni', group: 'postgres', paths: paths.caller }),
    { ...readableByPostgres, path: paths.firstSql, content: renderFirstSql(secret) },
    { ...readableByPostgres, path: paths.passwordSql, content: renderPasswordSql(secret) },
    {
      ...readableByPostgres,
      path: paths.config,
      content: renderConfig(context),
      check: checkConfig(context),
      onChange: 'reload',
    },
    // systemd reads it again by itself; a restart would stop PostgreSQL.
    rootFile('/etc/systemd/system/patroni.service.d/60-trimaran.conf', renderUnit(), { onChange: 'reload' }),
    // Debian's own units would start a PostgreSQL that Patroni does not know of.
    { kind: 'unit', name: 'postgresql.service', state: 'masked' },
    { kind: 'unit', name: 'postgresql@17-main.service', state: 'masked' },
    {
      kind: 'unit',
      name: 'patroni.service',
      state: 'running',
      // PostgreSQL runs, and is the primary or follows it; a condition below fixes a replica that cannot. A copy that
      // takes longer than a minute goes on in the background, and `trimaran status` shows when it is done.
      probe: sh`
        answers() { curl -fs -m 2 -o /dev/null ${rest}"$1"; }
        { answers /health && { answers /primary || ${streams(server)}; }; } ||
          { ${lacksWal(server)}; } ||
          ps -C pg_basebackup -o etimes= | awk '$1 >= 60 { found = 1 } END { exit !found }'
      `,
      deadlineSeconds: 90,
    },
    ...(serversOf(stack, 'database').length > 1 ? [followsPrimary(context)] : []),
    sharedSettingsHold,
    passwordsHold(),
    ...declaredDatabases(stack),
    settingsHold(context),
    settingsInUse(context),
  ]
}

const readableByPostgres = { kind: 'file', owner: 'root', group: 'postgres', mode: '0640', secret: true } as const

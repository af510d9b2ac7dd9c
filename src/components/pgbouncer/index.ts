import { databaseUrl } from '../patroni/index.ts'
import type { Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import type { Component, RenderContext } from '../component.ts'
import { checkConfig } from './check.ts'
import { explainPgbouncer } from './explain.ts'
import { type PgbouncerDetails, pgbouncerDetails } from './details.ts'
import { askPgbouncer, readPgbouncer } from './health.ts'
import { paths, poolPort } from './paths.ts'
import { programs } from './programs.ts'
import { renderConfig, renderUsers } from './render-config.ts'
import { renderUnit } from './render-unit.ts'
import { rootFile } from '../root-file.ts'

export { poolPort }

/** The pool of database connections, on app servers, where `database.pool` asks for it. */
export const pgbouncer: Component<PgbouncerDetails> = {
  name: 'pgbouncer',
  belongsOn: (server, { declared }) => server.tier === 'app' && declared.database.pool !== undefined,
  // The app on the same server calls it, and it calls the sidecar: nobody from elsewhere.
  links: () => [],
  roles: {
    pausesCalls: { tier: 'database' },
    preRemoves: { unit: 'pgbouncer.service' },
    givesAppVariables: { variablesFor: ({ secret }) => ({ values: { DATABASE_URL: databaseUrl(secret, poolPort) } }) },
  },
  stopsAfterCallers: true,
  packages: ['pgbouncer', 'postgresql-client-17'],
  owns: { daemons: ['pgbouncer'] },
  listens: () => [{ port: poolPort, unit: 'pgbouncer.service', reach: 'loopback' }],
  render: renderPgbouncer,
  health: { ask: askPgbouncer, read: readPgbouncer, details: pgbouncerDetails },
  explain: explainPgbouncer,
}

function renderPgbouncer(context: RenderContext): readonly Resource[] {
  return [
    // The first version with prepared statements in transactions by default, and all settings of the file.
    { kind: 'package', name: 'pgbouncer', atLeast: '1.24' },
    ...programs(context),
    rootFile(paths.users, renderUsers(context.secret), { ...forPool, secret: true }),
    rootFile(paths.config, renderConfig(context), { ...forPool, check: checkConfig }),
    rootFile(paths.dropIn, renderUnit(), { onChange: 'restart' }),
    {
      kind: 'unit',
      name: 'pgbouncer.service',
      state: 'running',
      // Its own state, independent of that of the database.
      probe: sh`${paths.console} 'SHOW VERSION' >/dev/null`,
    },
  ]
}

/** Read by the pool, which runs as the user of PostgreSQL. */
const forPool = { group: 'postgres', mode: '0640', onChange: 'reload' } as const

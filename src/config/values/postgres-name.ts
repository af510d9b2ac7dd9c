import { nearestName } from '../nearest-name.ts'
import type { Check } from './objection.ts'

const taken: Readonly<Record<string, string>> = {
  app: 'the app has this database in any case',
  postgres: 'PostgreSQL uses this database itself',
  template0: 'PostgreSQL uses this database itself',
  template1: 'PostgreSQL uses this database itself',
}

/** Objects to names that would need quotes in SQL, and to those that are there already. */
export const checkDatabaseName: Check = (value) => {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(value)) {
    return { reason: 'the name of a database has lower-case letters, digits and underscores, at most 63' }
  }
  const reason = Object.hasOwn(taken, value) ? taken[value] : undefined
  return reason === undefined ? undefined : { reason, suggestion: 'leave it out' }
}

/** What PostgreSQL 17 brings along in Debian 13: its `contrib` (`/usr/share/postgresql/17/extension`). */
const extensions: readonly string[] = (
  'amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore ' +
  'insert_username intagg intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap pg_prewarm ' +
  'pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple plpgsql postgres_fdw refint ' +
  'seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2'
).split(' ')

/** Objects to extensions that PostgreSQL does not bring along: on the servers they could not be made. */
export const checkExtensionName: Check = (value) => {
  if (extensions.includes(value)) return undefined
  const near = nearestName(value, extensions)
  return {
    reason: 'it is not among the extensions of PostgreSQL in Debian 13',
    ...(near !== undefined && { suggestion: `did you mean '${near}'?` }),
  }
}

import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'
import { nearestName } from './nearest-name.ts'

/** What PostgreSQL 17 brings along in Debian 13: its `contrib` (`/usr/share/postgresql/17/extension`). */
const included: readonly string[] = (
  'amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore ' +
  'insert_username intagg intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap pg_prewarm ' +
  'pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple plpgsql postgres_fdw refint ' +
  'seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2'
).split(' ')

/** Debian's packages of extensions that have another name. */
const packageOf: Readonly<Record<string, string>> = {
  vector: 'postgresql-17-pgvector',
  pg_cron: 'postgresql-17-cron',
  postgis: 'postgresql-17-postgis-3',
}

/** Debian's package of an extension, where its name is not the extension's. */
export const debianPackageOf = (extension: string): string | undefined =>
  Object.hasOwn(packageOf, extension) ? packageOf[extension] : undefined

/** Finds extensions that are in no package of PostgreSQL's own, where no other package is named that may have them. */
export function checkExtensions(input: unknown): readonly Mistake[] {
  const database = fieldOf(input, 'database')
  const [extensions, packages] = [fieldOf(database, 'extensions'), fieldOf(database, 'packages')]
  if (!Array.isArray(extensions) || (Array.isArray(packages) && packages.length > 0)) return []
  return extensions.flatMap((name: unknown, index): readonly Mistake[] => {
    if (typeof name !== 'string' || included.includes(name)) return []
    const keys = ['database', 'extensions', index]
    const near = nearestName(name, included)
    const known = debianPackageOf(name)
    const example = known === undefined ? '' : `: ['${known}']`
    const suggestion =
      near === undefined ? `name its Debian package in \`packages\`${example}` : `did you mean '${near}'?`
    const problem = `is ${JSON.stringify(name)}, which PostgreSQL does not bring along`
    return [{ keys, path: pathOf(keys), problem, suggestion }]
  })
}

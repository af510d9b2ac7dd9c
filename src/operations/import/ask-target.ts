import { z } from 'zod'
import { failure } from '../../errors/failure.ts'
import { parseJson } from '../../observation/parse-json.ts'
import { sh, type Shell } from '../../shell/sh.ts'
import type { Connection } from '../../transport/transport.ts'
import { ownTables } from './own-tables.ts'

const extension = z.object({ name: z.string().max(63), isInstalled: z.boolean(), isTrusted: z.boolean() })

const answer = z.object({
  version: z.string().max(100),
  encoding: z.string().max(64),
  collation: z.string().max(64),
  /** Tables that hold something of the app, not those of extensions. */
  tables: z.int().min(0),
  /** Whether it follows a server elsewhere. */
  isFollowing: z.boolean(),
  /** When the server started, and its name. */
  isOf: z.string().max(200),
  /** Every extension that could be created there. */
  extensions: z.array(extension).max(1000),
})

/** The database into which is imported, as the primary describes it. */
export interface Target extends z.output<typeof answer> {
  readonly freeBytes: number
  /** Debian's packages for PostgreSQL 17 that the server knows of. */
  readonly packages: readonly string[]
}

const question = `select json_build_object(
  'version', split_part(current_setting('server_version'), ' ', 1), 'encoding', pg_encoding_to_char(encoding),
  'collation', coalesce(datlocale, datcollate),
  'isOf', extract(epoch from pg_postmaster_start_time()) || ' ' || current_database(), 'tables', (${ownTables}),
  'isFollowing', exists (select from pg_subscription where subdbid = d.oid),
  'extensions', (select json_agg(json_build_object('name', e.name, 'isInstalled', e.installed_version is not null,
    'isTrusted', coalesce(v.trusted, false))) from pg_available_extensions e
    left join pg_available_extension_versions v on v.name = e.name and v.version = e.default_version))
  from pg_database d where datname = current_database()`

/** psql on the primary as PostgreSQL's own user, for one value. */
export const askAsSuperuser = (database: string, query: string): Shell =>
  sh`runuser -u postgres -- env -C / psql -XAtq -w -v ON_ERROR_STOP=1 -d ${database} -c ${query}`

const mostPackages = 2000

/** @throws TRI-IMPORT-002 where the database does not answer */
export async function askTarget(connection: Connection, database: string, server: string): Promise<Target> {
  const script = sh`
    set -e
    ${askAsSuperuser(database, question)}
    df -B1 --output=avail "$(${askAsSuperuser(database, 'show data_directory')})" | tail -n 1
    apt-cache pkgnames postgresql-17- 2>/dev/null || true
  `
  const { code, stdout, stderr } = await connection.run(script.text, { mostLetters: 1_000_000 })
  const [first = '', free = '', ...packages] = stdout.trim().split('\n')
  const known = code === 0 ? answer.safeParse(parseJson(first)).data : undefined
  if (known === undefined || !/^\s*\d+$/.test(free))
    throw failure('TRI-IMPORT-002', {
      what: `The database ${database} on ${server} does not say how it is`,
      why: stderr.trim().slice(0, 1000) || 'its answer could not be read',
      state: 'nothing was changed',
    })
  const names = packages.filter((name) => /^[a-z0-9][a-z0-9.+-]{1,99}$/.test(name)).slice(0, mostPackages)
  return { ...known, freeBytes: Number(free), packages: names.toSorted() }
}

import { readFileSync } from 'node:fs'
import { sh, type Shell } from '../../shell/sh.ts'

/** What `files/import-dump` is to do. */
export interface ProgramWish {
  readonly format: 'sql' | 'custom' | 'directory' | 'live'
  /** Whether what is sent is packed by gzip. */
  readonly gzip: boolean
  /** Of the server that pg_dump reads, without its password. */
  readonly url?: string
  /** Whether of that only the schema is copied, without rows. */
  readonly schemaOnly?: boolean
  /** The database into which is imported. */
  readonly database?: string
  /** Whether it may have had tables before. */
  readonly intoExisting?: boolean
  /** Statements that begin the transaction. */
  readonly before?: readonly string[]
}

export interface Passwords {
  readonly target?: string
  readonly source?: string
}

const program = readFileSync(new URL('files/import-dump', import.meta.url), 'utf8')

/** The programs of the PostgreSQL that runs there. */
export const withPostgres = sh`PATH="$(dirname "$(readlink /proc/"$(pgrep -o -x postgres)"/exe)"):$PATH"`

/**
 * Without the rights of anybody: neither a dump nor a server elsewhere is to be trusted. And without a home: libpq looks for
 * certificates there, and one that it may not look into, such as root's, is an error to it, after which it goes on without TLS.
 */
const asNobody = sh`env HOME=/nonexistent setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs`

/** Looks into what is sent, or imports it. Passwords are in the environment: all users of a server can read words. */
export const importScript = (
  verb: 'look' | 'import',
  wish: ProgramWish,
  { target = '', source = '' }: Passwords = {},
): Shell => sh`
  cd /
  ${withPostgres}
  export PATH wish=${JSON.stringify(wish)} target_password=${target} source_password=${source}
  exec ${asNobody} python3 -c ${program} ${verb}
`

/** psql on the primary, which asks a server elsewhere for one value. */
export const askElsewhere = (url: string, password: string, query: string): Shell => sh`
  cd /
  ${withPostgres}
  export PATH PGCONNECT_TIMEOUT=10 PGPASSWORD=${password}
  exec ${asNobody} psql -XAtq -w -v ON_ERROR_STOP=1 -d ${url} -c ${query}
`

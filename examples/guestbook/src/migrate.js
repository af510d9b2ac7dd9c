import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { connectionOptions, isLost } from './database.js'
import { log, reasonOf } from './log.js'

/** A migration is wrong in itself: trying again would not help. */
export class MigrationFailed extends Error {
  name = 'MigrationFailed'
}

/**
 * Runs the .sql files of `folder` that this database has not seen, in the order of their names: all of them or none.
 *
 * Any number of app servers may call this at once: one does the work, the others wait for it and find it done. The lock
 * belongs to the transaction, not to the session, so it also holds behind a pooler that shares sessions.
 * Throws `MigrationFailed` when a file is at fault; any other error means that the database was not there, or was busy.
 */
export async function migrate(connectionString, folder) {
  const client = new pg.Client({ ...connectionOptions(connectionString), query_timeout: undefined })
  client.on('error', () => {}) // told by the query that was waiting
  try {
    await client.connect()
    await client.query('begin')
    await client.query("set local lock_timeout = '5s'") // rather try again than make the visitors queue behind us
    await client.query("select pg_advisory_xact_lock(hashtext('guestbook migrations'))")
    for (const file of await findPending(client, folder)) await run(client, path.join(folder, file), file)
    await client.query('commit')
  } finally {
    await client.end().catch(() => {})
  }
}

async function findPending(client, folder) {
  await client.query('create table if not exists migrations (name text primary key, run_at timestamptz default now())')
  const { rows } = await client.query('select name from migrations')
  const done = new Set(rows.map((row) => row.name))
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  return files.filter((file) => !done.has(file))
}

async function run(client, location, name) {
  try {
    await client.query(await readFile(location, 'utf8'))
  } catch (error) {
    if (isLost(error) || error.code === lockNotAvailable) throw error
    throw new MigrationFailed(`${name}: ${reasonOf(error)}`, { cause: error })
  }
  await client.query('insert into migrations (name) values ($1)', [name])
  log.info('migrated', { name })
}

const lockNotAvailable = '55P03'

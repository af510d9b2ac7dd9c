// With a real PostgreSQL: DATABASE_URL names a server on which we may create a database of our own. It is dropped again.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import '../build.js'
import { openDatabase } from '../src/database.js'
import { addEntry, listEntries } from '../src/entries.js'
import { migrate, MigrationFailed } from '../src/migrate.js'

const { DATABASE_URL } = process.env
const skip = DATABASE_URL ? false : 'DATABASE_URL is not set'
const root = path.join(import.meta.dirname, '..')
const migrations = path.join(root, 'migrations')
const name = `guestbook_test_${randomUUID().slice(0, 8)}`
const url = skip ? '' : Object.assign(new URL(DATABASE_URL), { pathname: `/${name}` }).href

describe('with a database', { skip, timeout: 60_000 }, () => {
  let database
  before(async () => {
    await administer(`create database ${name}`)
    database = openDatabase(url)
  })
  after(async () => {
    await database.close()
    await administer(`drop database ${name} with (force)`)
  })

  it('app servers that start at once migrate it once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrate(url, migrations)))
    const rows = await database.query('select name from migrations order by name', [], 'test')
    assert.deepEqual(
      rows.map((row) => row.name),
      ['0001-create-entries.sql', '0002-sign-once.sql'],
    )
  })

  it('a wrong migration is named, and leaves nothing behind', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'migrations-'))
    await writeFile(path.join(folder, '0003-good.sql'), 'create table half_done ()')
    await writeFile(path.join(folder, '0004-bad.sql'), 'create tabel oops ()')
    await assert.rejects(migrate(url, folder), (error) => {
      assert.ok(error instanceof MigrationFailed)
      assert.match(error.message, /0004-bad\.sql: syntax error/)
      return true
    })
    await rm(folder, { recursive: true })
    const [{ found }] = await database.query("select to_regclass('half_done') as found", [], 'test')
    assert.equal(found, null)
  })

  it('the same key signs once', async () => {
    const query = (text, values) => database.query(text, values, 'test')
    const first = await addEntry(query, { name: 'Ada', message: 'Hello', key: 'one-key-1' })
    const again = await addEntry(query, { name: 'Ada', message: 'Hello', key: 'one-key-1' })
    assert.equal(first.id, again.id)
    assert.equal((await listEntries(query)).length, 1)
  })

  it('the id of the request is in what the database sees', async () => {
    const [{ query }] = await database.query(
      'select query from pg_stat_activity where pid = pg_backend_pid()',
      [],
      'lb-1:0042',
    )
    assert.match(query, /^\/\* request_id=lb-1:0042 \*\/ select/)
  })

  it('a query whose connection is cut is asked again on a fresh one', async () => {
    const warm = [1, 2, 3, 4].map(() => database.query('select pg_sleep(0.1)', [], 'warm'))
    await Promise.all(warm)
    const slow = database.query('select 42 as answer, pg_sleep(0.4)', [], 'cut')
    await sleep(100)
    await cutConnections()
    assert.equal((await slow)[0].answer, 42)
    const rows = await Promise.all([1, 2, 3, 4].map(() => database.query('select 1 as one', [], 'after')))
    assert.equal(rows.length, 4)
  })

  it('a deploy loses no request: what is under way is finished, streams end, the process exits with 0', async () => {
    const app = await startApp(url)
    const kept = new http.Agent({ keepAlive: true })
    await get(app.port, '/up', kept)
    const stream = get(app.port, '/events')
    const slow = get(app.port, '/slow?ms=600')
    await sleep(200)

    const startedAt = Date.now()
    app.process.kill('SIGTERM')
    await sleep(100)
    await assert.rejects(get(app.port, '/up'), { code: 'ECONNREFUSED' })
    const { status, headers, body } = await slow
    assert.deepEqual([status, headers.connection, body], [200, 'close', 'Waited 600 ms.\n'])
    assert.match((await stream).body, /still here/)
    assert.equal(await app.exited, 0)
    assert.ok(Date.now() - startedAt < 2_000)
    kept.destroy()
  })

  it('an entry arrives on the pages that are open', async () => {
    const app = await startApp(url)
    const heard = new Promise((resolve) => {
      http.get({ port: app.port, path: '/events' }, (answer) => {
        answer.on('data', (chunk) => String(chunk).includes('Live!') && resolve())
      })
    })
    const body = JSON.stringify({ name: 'Ada', message: 'Live!' })
    const answer = await fetch(`http://127.0.0.1:${app.port}/api/entries`, { method: 'POST', body })
    assert.equal(answer.status, 201)
    await heard
    app.process.kill('SIGTERM')
    assert.equal(await app.exited, 0)
  })
})

it('a server that starts before its database waits for it, says so, and can still be stopped', async () => {
  const app = await startApp('postgres://nobody@127.0.0.1:1/nothing')
  assert.equal((await get(app.port, '/up')).status, 503)
  assert.equal((await get(app.port, '/')).status, 503)
  app.process.kill('SIGTERM')
  assert.equal(await app.exited, 0)
  assert.match(app.output(), /event=database_not_ready .*ECONNREFUSED.* next_try_ms=250/)
})

/** Starts server.js on a free port: `{ process, port, exited, output }`. */
async function startApp(databaseUrl) {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: root,
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const port = await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      const [, port] = /event=listening .*port=(\d+)/.exec(output) ?? []
      if (port) resolve(Number(port))
    })
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  return { process: child, port, exited, output: () => output }
}

function get(port, url, agent) {
  return new Promise((resolve, reject) => {
    const request = http.get({ port, path: url, agent }, async (answer) => {
      const chunks = await answer.toArray()
      resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() })
    })
    request.on('error', reject)
  })
}

async function cutConnections() {
  await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
}

async function administer(sql) {
  const client = new pg.Client(DATABASE_URL)
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

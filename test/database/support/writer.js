// Runs on an app server, with the app's own `DATABASE_URL` and the app's own driver. Inserts numbered rows from several
// connections, remembers each one that was acknowledged, and afterwards counts those that are missing.
//   writer.js FOLDER CONNECTIONS    until FOLDER/stop exists; the result is FOLDER/result.json
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const { Client } = createRequire('/srv/app/current/')('pg')
const [folder, connections] = [process.argv[2], Number(process.argv[3])]
const connectionString = process.env.DATABASE_URL
const acknowledged = []
const errors = new Map()
let next = 0

const isOver = () => existsSync(`${folder}/stop`)

await once(async (client) => {
  await client.query('drop table if exists ledger')
  await client.query('create table ledger (number bigint primary key, written timestamptz default now())')
})
writeFileSync(`${folder}/started`, '')
await Promise.all(Array.from({ length: connections }, () => write()))
const rows = await once(async (client) => (await client.query('select number from ledger')).rows)
const present = new Set(rows.map(({ number }) => Number(number)))
const lost = acknowledged.filter(({ number }) => !present.has(number)).map(({ number }) => number)
const times = acknowledged.map(({ at }) => at)
const gaps = times.slice(1).map((at, index) => ({ from: times[index], milliseconds: at - times[index] }))
const longest = gaps.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 5)
const result = {
  acknowledged: acknowledged.length,
  lost,
  longest,
  gaps: gaps.filter(({ milliseconds }) => milliseconds >= 200),
  errors: Object.fromEntries(errors),
  firstAt: times[0],
  lastAt: times.at(-1),
}
writeFileSync(`${folder}/result.json`, JSON.stringify(result))

async function write() {
  let client
  while (!isOver()) {
    try {
      client ??= await connect()
      const number = next++
      await client.query('insert into ledger (number) values ($1)', [number])
      acknowledged.push({ number, at: Date.now() })
      await sleep(10)
    } catch (error) {
      errors.set(error.message, (errors.get(error.message) ?? 0) + 1)
      client?.end().catch(() => {})
      client = undefined
      await sleep(20)
    }
  }
  await client?.end().catch(() => {})
}

async function connect() {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2000, query_timeout: 60_000 })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Until it succeeds, for at most two minutes: the tier may be in the middle of a failover. */
async function once(work) {
  for (let attempt = 0; ; attempt += 1) {
    let client
    try {
      client = await connect()
      return await work(client)
    } catch (error) {
      if (attempt > 240) throw error
      await sleep(500)
    } finally {
      client?.end().catch(() => {})
    }
  }
}

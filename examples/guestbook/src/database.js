import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { log, reasonOf } from './log.js'

/** The database has not answered for a while. Nothing is wrong with the request: sent again, it may well succeed. */
export class DatabaseAway extends Error {
  name = 'DatabaseAway'
}

/** For so long a query is tried again, with such a pause in between; milliseconds. Longer than a failover takes, even on a busy server. */
const patience = 10_000
const pause = 100

/**
 * A pool of connections that lives through a failover.
 *
 * `query(text, values, requestId)` gives the rows. When the connection turns out to be lost, it asks again on a fresh
 * one, for as long as a failover usually takes: so whatever it is given must be safe to run twice. After that it throws
 * `DatabaseAway`; what the database itself has to say against a query is passed on at once.
 */
export function openDatabase(connectionString) {
  const pool = new pg.Pool(connectionOptions(connectionString))

  // Connections die together: when one is lost, those opened before it lead to the same dead server. Every loss begins
  // a new era, and only connections of the present one are used.
  let era = 0
  const eraOf = new WeakMap()

  pool.on('connect', (client) => {
    eraOf.set(client, era)
    client.on('error', () => {}) // told by the query that was using it, or by the pool
  })
  pool.on('error', (error) => log.warn('idle_connection_lost', { reason: reasonOf(error) }))

  async function query(text, values, requestId) {
    const traced = `/* request_id=${requestId} */ ${text}`
    const giveUpAt = Date.now() + patience
    for (let attempt = 1; ; attempt += 1) {
      try {
        const rows = await ask(traced, values)
        if (attempt > 1) log.warn('query_retried', { request_id: requestId, attempts: attempt })
        return rows
      } catch (error) {
        if (!isLost(error)) throw error
        if (Date.now() > giveUpAt) throw new DatabaseAway(reasonOf(error), { cause: error })
        await sleep(pause)
      }
    }
  }

  async function ask(text, values) {
    const client = await takeConnection()
    try {
      const { rows } = await client.query(text, values)
      client.release()
      return rows
    } catch (error) {
      const lost = isLost(error)
      if (lost && eraOf.get(client) === era) era += 1
      client.release(lost)
      throw error
    }
  }

  async function takeConnection() {
    for (;;) {
      const client = await pool.connect()
      if (eraOf.get(client) === era) return client
      client.release(true)
    }
  }

  return { query, close: () => pool.end() }
}

/** How long we wait for what, in milliseconds. A server that lost its power does not say goodbye. */
export function connectionOptions(connectionString) {
  return {
    connectionString,
    application_name: `guestbook@${os.hostname()}`,
    max: 10,
    connectionTimeoutMillis: 2_000,
    query_timeout: 3_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  }
}

// What the database says when it is the wrong one to ask: 08 connection trouble, 57P shutting down or not up yet,
// 25006 read-only (it was the primary a moment ago), 53300 too many connections.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const askAnother = /^(08|57P|25006|53300)/

/** Whether an error is about the way to the database rather than about the query. */
export function isLost(error) {
  return !(error instanceof pg.DatabaseError) || askAnother.test(error.code)
}

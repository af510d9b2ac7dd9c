import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { createApp } from './src/app.js'
import { openDatabase } from './src/database.js'
import { log, reasonOf } from './src/log.js'
import { migrate, MigrationFailed } from './src/migrate.js'
import { shutDown } from './src/shutdown.js'

const { PORT = '3000', HOST = '0.0.0.0', DATABASE_URL } = process.env
if (!DATABASE_URL) fail('DATABASE_URL is not set: postgres://user:password@host:port/database')

// Listens at once, so that /up can say "starting"; the balancers send visitors only after it says "up".
let isMigrated = false
const ending = new AbortController()
const database = openDatabase(DATABASE_URL)
const publicFolder = path.join(import.meta.dirname, 'public')
const app = createApp({ database, publicFolder, isReady: () => isMigrated, ending: ending.signal })

const server = serve({
  fetch: app.fetch,
  port: Number(PORT),
  hostname: HOST,
  // A proxy must be the one to close an idle connection. Closed from this side, it would lose the request it was just
  // sending: so we wait longer than nginx and HAProxy do.
  serverOptions: { keepAliveTimeout: 75_000, headersTimeout: 80_000 },
})
server.on('listening', () => log.info('listening', { host: HOST, port: server.address().port, node: process.version }))
server.on('error', (error) => fail(reasonOf(error)))
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => shutDown({ server, database, ending, signal }))
}

await migrateWhenReachable()

async function migrateWhenReachable() {
  for (let pause = 250; !ending.signal.aborted; pause = Math.min(pause * 2, 5_000)) {
    try {
      await migrate(DATABASE_URL, path.join(import.meta.dirname, 'migrations'))
      isMigrated = true
      return log.info('ready')
    } catch (error) {
      if (error instanceof MigrationFailed) fail(error.message)
      log.warn('database_not_ready', { reason: reasonOf(error), next_try_ms: pause })
      await sleep(pause)
    }
  }
}

function fail(reason) {
  log.error('cannot_start', { reason })
  process.exit(1)
}

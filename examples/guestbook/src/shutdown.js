import { setTimeout as sleep } from 'node:timers/promises'
import { log } from './log.js'

/**
 * Ends the process the way a deploy wants it: no new connections; what is under way is finished; idle connections are
 * closed; then the pool; then exit 0. Whatever takes longer than nine seconds is cut off.
 */
export async function shutDown({ server, database, ending, signal }) {
  log.info('ending', { signal })
  ending.abort()
  const closed = new Promise((resolve) => server.close(resolve))
  const sweep = setInterval(() => server.closeIdleConnections(), 50) // a connection whose last answer is just through
  const inTime = await Promise.race([closed.then(() => true), sleep(9_000, false)])
  clearInterval(sweep)
  if (!inTime) server.closeAllConnections()
  await Promise.race([database.close(), sleep(500)])
  log.info('ended', { unfinished: inTime ? undefined : true })
  process.exit(0)
}

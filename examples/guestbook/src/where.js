import os from 'node:os'
import { DatabaseAway } from './database.js'

// Trimaran sets `trimaran.server` on each database server; elsewhere the cluster's name or the address has to do.
const question = `
  select coalesce(
      nullif(current_setting('trimaran.server', true), ''),
      nullif(current_setting('cluster_name', true), ''),
      host(inet_server_addr()),
      'local socket'
    ) as name,
    case when pg_is_in_recovery() then 'replica' else 'primary' end as role`

/**
 * Which servers answered this request. The balancer and nginx each write their name on it as it passes; the database is
 * asked. A tier that is not there (the app run alone, the database away) is null.
 */
export async function findServers(c) {
  return describeServers(c, await askDatabase(c.var.query))
}

/** The same, where what the database says of itself is known, or that it says nothing. */
export function describeServers(c, database) {
  return {
    balancer: c.req.header('x-trimaran-balancer')?.slice(0, 64) ?? null,
    web: c.req.header('x-trimaran-web')?.slice(0, 64) ?? null,
    app: process.env.TRIMARAN_SERVER ?? os.hostname(),
    database: database?.name ?? null,
    databaseRole: database?.role ?? null,
    requestId: c.var.requestId,
    client: c.var.client,
  }
}

async function askDatabase(query) {
  try {
    const [row] = await query(question, [])
    return row
  } catch (error) {
    if (error instanceof DatabaseAway) return null
    throw error
  }
}

import { shortQuery } from './short-query.ts'
import { TrimaranError } from '../errors/failure.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import type { KnownServer } from './known-servers.ts'

/**
 * How many cores each server has, by name: from its answer now, or from the last time that it was reached. A server
 * that was never reached is missing.
 */
export async function countCores(
  servers: readonly Server[],
  known: readonly KnownServer[],
  connect: (server: Server) => Promise<Connection>,
): Promise<ReadonlyMap<string, number>> {
  const counted = await Promise.all(
    servers.map(async (server) => {
      const remembered = known.find(
        ({ name, destination }) => name === server.name && destination === server.destination,
      )
      return [server.name, (await ask(server, connect)) ?? remembered?.size?.cores] as const
    }),
  )
  return new Map(counted.flatMap(([name, cores]) => (cores === undefined ? [] : [[name, cores]])))
}

async function ask(server: Server, connect: (server: Server) => Promise<Connection>): Promise<number | undefined> {
  try {
    const connection = await connect(server)
    const cores = Number((await connection.run('nproc', shortQuery)).stdout.trim())
    return Number.isInteger(cores) && cores > 0 && cores <= 4096 ? cores : undefined
  } catch (error) {
    if (error instanceof TrimaranError) return undefined
    throw error
  }
}

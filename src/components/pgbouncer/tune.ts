import { serversOf } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { connectionLimit } from '../patroni/index.ts'

/** The numbers of client and database connections of a pool. */
export interface PoolSizes {
  /** Connections of the app to one pool. */
  readonly clients: number
  /** Connections of one pool to each of its databases. */
  readonly perDatabase: number
  /** The same, for all of its databases together. */
  readonly together: number
}

/** The memory of PgBouncer for one connection of the app: its buffer, and four more where it rewrites statements. */
const bytesPerClient = 20 * 1024
/** Connections that all pools together leave free, for operators, direct sessions and replication. */
const shareOfPools = 0.8
/** How many transactions one core of an app server has open at a time, at most. */
const transactionsPerCore = 10

/** By the memory and the cores of the app server, by what PostgreSQL takes, and by how many pools share that. */
export function tunePool({ stack, server, facts }: RenderContext): PoolSizes {
  const cores = server.size?.cores ?? facts.cores
  const memory = server.size?.memoryBytes ?? facts.memoryBytes
  const together = Math.max(1, Math.floor((connectionLimit(stack) * shareOfPools) / serversOf(stack, 'app').length))
  return {
    clients: Math.min(10_000, Math.max(1000, Math.floor((memory * 0.05) / bytesPerClient / 1000) * 1000)),
    perDatabase: Math.min(together, Math.max(10, cores * transactionsPerCore)),
    together,
  }
}

import { serversOf } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { connectionLimit } from '../patroni/index.ts'

/** How many connections a pool takes, and how many it makes. */
export interface PoolSizes {
  /** Connections of the app that one pool takes. */
  readonly clients: number
  /** Connections to the database that one pool makes, for each of its databases. */
  readonly perDatabase: number
  /** The same, for all of its databases together. */
  readonly together: number
}

/** What PgBouncer may need for one connection of the app: its buffer, and four more where it rewrites statements. */
const bytesPerClient = 20 * 1024
/** What all pools together leave for operators, workers with sessions of their own, and replication. */
const shareOfPools = 0.8
/** More transactions than this are hardly under way at a time for one core of an app server. */
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

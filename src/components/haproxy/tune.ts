import type { RenderContext } from '../component.ts'

/** What HAProxy may use on one server. */
export interface Tuning {
  readonly threads: number
  /** Connections that one listening point takes at a time. */
  readonly connections: number
  /** Seconds for which a worker that was replaced may finish what it has begun. */
  readonly farewellSeconds: number
}

/** A connection with both its buffers (16 kB each), the one to the next tier, and what the kernel keeps for both. */
const bytesPerConnection = 64 * 1024

/** Room beyond the listening points, so that a flood of visitors never locks out `/alive` and `/metrics`. */
export const reservedConnections = 100

/** Threads and connections by role, cores and memory. A balancer has its server for itself; a sidecar is a guest. */
export function tune({ stack, server, facts }: RenderContext): Tuning {
  const cores = server.size?.cores ?? facts.cores
  const memory = server.size?.memoryBytes ?? facts.memoryBytes
  const isBalancer = server.tier === 'balancer'
  return {
    threads: isBalancer ? between(1, cores - 1, 64) : between(1, Math.floor(cores / 4), 8),
    connections: roundDown(between(1000, (memory * (isBalancer ? 0.5 : 0.1)) / bytesPerConnection, 100_000)),
    farewellSeconds:
      server.tier === 'app' ? 12 * 3600 : Math.max(300, answerSeconds(stack.declared.app.requestTimeout).outer + 10),
  }
}

/**
 * How long a server may take to begin its answer, in seconds. `inner` is for one try at the app, just above the time
 * that the app itself was given; `outer` has room for a second try behind it.
 */
export const answerSeconds = (requestTimeout: number): { readonly inner: number; readonly outer: number } => ({
  inner: Math.ceil(requestTimeout) + 1,
  outer: 2 * (Math.ceil(requestTimeout) + 1) + 8,
})

const between = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value))
const roundDown = (value: number): number => Math.floor(value / 1000) * 1000

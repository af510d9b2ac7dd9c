import type { RenderContext } from '../component.ts'

/** What HAProxy may use on one server. */
export interface Tuning {
  readonly threads: number
  /** Connections that one listening point takes at a time. */
  readonly connections: number
}

/** A connection with both its buffers (16 kB each), the one to the next tier, and what the kernel keeps for both. */
const bytesPerConnection = 64 * 1024

/** Room beyond the listening points, so that a flood of visitors never locks out `/alive` and `/metrics`. */
export const reservedConnections = 100

/** Threads and connections by role, cores and memory. A balancer has its server for itself; a sidecar shares its server. */
export function tune({ server, facts }: RenderContext): Tuning {
  const cores = server.size?.cores ?? facts.cores
  const memory = server.size?.memoryBytes ?? facts.memoryBytes
  const isBalancer = server.tier === 'balancer'
  return {
    threads: isBalancer ? between(1, cores - 1, 64) : between(1, Math.floor(cores / 4), 8),
    connections: roundDown(between(1000, (memory * (isBalancer ? 0.5 : 0.1)) / bytesPerConnection, 100_000)),
  }
}

/** What a worker that was replaced may take to finish: WebSockets, and an app's database sessions, outlive a reload. */
export const longestDrain = '12h'

/**
 * How long an attempt to connect may take, and how soon after a refusal the next one follows. A kernel answers within a few,
 * however busy its server is; and TCP's own first repetition, after a second, comes too late.
 */
export const connectMilliseconds = 200

/** How long a connection that stays open on purpose, such as a WebSocket, may be silent. */
export const longestSilence = '1h'

/**
 * How long a server may take to begin its answer, in seconds. `inner` is for one try at the app, just above the time
 * that the app itself was given; `outer` has room for all that a request may wait for before that: its queue, and
 * somebody who can be reached.
 */
export const answerSeconds = ({
  requestTimeout,
  queueTimeout,
}: {
  readonly requestTimeout: number
  readonly queueTimeout: number
}): { readonly inner: number; readonly outer: number } => ({
  inner: requestTimeout + 1,
  outer: 2 * (requestTimeout + 1) + queueTimeout + 3,
})

const between = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value))
const roundDown = (value: number): number => Math.floor(value / 1000) * 1000

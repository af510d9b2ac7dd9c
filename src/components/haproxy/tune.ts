import type { RenderContext } from '../component.ts'

/** HAProxy's limits on one server. */
export interface Tuning {
  readonly threads: number
  /** Connections that one frontend takes at a time. */
  readonly connections: number
}

/**
 * The memory for a connection with both its buffers (16 kB each), the one to the next tier, and the kernel's part of
 * both.
 */
const bytesPerConnection = 64 * 1024

/** Connections kept free, so that a flood of visitors never blocks `/alive` and `/metrics`. */
export const reservedConnections = 100

/** Threads and connections by role, cores and memory. A balancer has the whole server; a sidecar shares it. */
export function tune({ server, facts }: RenderContext): Tuning {
  const cores = server.size?.cores ?? facts.cores
  const memory = server.size?.memoryBytes ?? facts.memoryBytes
  const isBalancer = server.tier === 'balancer'
  return {
    threads: isBalancer ? between(1, cores - 1, 64) : between(1, Math.floor(cores / 4), 8),
    connections: roundDown(between(1000, (memory * (isBalancer ? 0.5 : 0.1)) / bytesPerConnection, 100_000)),
  }
}

/** How long an old worker may take to finish: WebSockets, and an app's database sessions, outlive a reload. */
export const longestDrain = '12h'

/**
 * How long a connection attempt may take, and how soon after a refusal the next one follows. A kernel answers within a
 * few milliseconds, however busy its server is; TCP's first retransmission, after a second, comes too late.
 */
export const connectMilliseconds = 200

/** How long a connection that stays open on purpose, such as a WebSocket, may be silent. */
export const longestSilence = '1h'

/**
 * How long a server may take to begin its answer, in seconds. `inner` is for one attempt at the app, just above the
 * app's own timeout; `outer` also covers the wait before that: in a queue, and for a server that can be reached.
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

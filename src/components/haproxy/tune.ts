import type { Server, TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { headerLimit } from '../header-limit.ts'

/** HAProxy's limits on one server. */
export interface Tuning {
  readonly threads: number
  /** Connections that one frontend takes at a time. */
  readonly connections: number
}

/**
 * The size of a buffer: all headers, what HAProxy itself needs for each of them, and those that a server of the chain adds. The
 * second of two servers has more room, so that the first one is the one that refuses.
 */
export const bufferBytes = (tier: TierName): number => headerLimit + (tier === 'balancer' ? 6 : 10) * 1024

/** What a buffer keeps free for headers that are added. */
export const spareBytes = 2 * 1024

/** The memory for a connection with both its buffers, the one to the next tier, and the kernel's part of both. */
const bytesPerConnection = (tier: TierName): number =>
  (speaksHttp({ tier }) ? 2 * bufferBytes(tier) : plain) + 32 * 1024
/** Where HAProxy passes bytes on, its own default is enough. */
const plain = 32 * 1024

/** Whether requests of visitors pass through the HAProxy of a server. */
export const speaksHttp = ({ tier }: Pick<Server, 'tier'>): boolean => tier === 'balancer' || tier === 'web'

/** Connections kept free, so that a flood of visitors never blocks `/alive` and `/metrics`. */
export const reservedConnections = 100

/** Threads and connections by role, cores and memory. A balancer has the whole server; a sidecar shares it. */
export function tune({ server, facts }: RenderContext): Tuning {
  const cores = server.size?.cores ?? facts.cores
  const memory = server.size?.memoryBytes ?? facts.memoryBytes
  const isBalancer = server.tier === 'balancer'
  return {
    threads: isBalancer ? between(1, cores - 1, 64) : between(1, Math.floor(cores / 4), 8),
    connections: roundDown(
      between(1000, (memory * (isBalancer ? 0.5 : 0.1)) / bytesPerConnection(server.tier), 100_000),
    ),
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

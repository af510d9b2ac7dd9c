import type { Server, Stack } from '../../stack/stack.ts'
import { upstreamsOf, replicasOf } from './services.ts'

/** The backends with long sessions, which must end when their server is no longer the right one. */
export const lastingBackends = (server: Server, stack: Stack): readonly string[] =>
  upstreamsOf(server, stack)
    .filter(({ mode }) => mode === 'primary')
    .flatMap((upstream) => [upstream.name, ...(upstream.replicas === undefined ? [] : [replicasOf(upstream)])])

/** Whether this server's HAProxy has such backends. */
export const leavesDatabases = (server: Server, stack: Stack): boolean => lastingBackends(server, stack).length > 0

import type { Server, Stack } from '../../stack/stack.ts'
import { calleesOf, replicasOf } from './services.ts'

/** The backends whose sessions last, and must end when their server is no longer the right one. */
export const lastingBackends = (server: Server, stack: Stack): readonly string[] =>
  calleesOf(server, stack)
    .filter(({ mode }) => mode === 'primary')
    .flatMap((callee) => [callee.name, ...(callee.replicas === undefined ? [] : [replicasOf(callee)])])

/** Whether this server's HAProxy has such backends. */
export const leavesDatabases = (server: Server, stack: Stack): boolean => lastingBackends(server, stack).length > 0

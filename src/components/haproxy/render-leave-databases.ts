import type { Server, Stack } from '../../stack/stack.ts'
import { placedByTrimaran } from '../placed.ts'
import { calleesOf, replicasOf } from './services.ts'
import { connectMilliseconds } from './tune.ts'

/** The backends whose sessions last, and must end when their server is no longer the right one. */
const lastingBackends = (server: Server, stack: Stack): readonly string[] =>
  calleesOf(server, stack)
    .filter(({ mode }) => mode === 'primary')
    .flatMap((callee) => [callee.name, ...(callee.replicas === undefined ? [] : [replicasOf(callee)])])

/** Whether this server's HAProxy has such backends. */
export const leavesDatabases = (server: Server, stack: Stack): boolean => lastingBackends(server, stack).length > 0

/**
 * What `on-marked-down shutdown-sessions` is for, a moment later. HAProxy 3.0 forgets a client whose session it shuts
 * down while that is just being connected: nothing ever ends it, and its place in the app's pool is lost for good. After
 * `timeout connect` nobody is in the middle of it any more.
 */
export function renderLeaveDatabases(server: Server, stack: Stack): string {
  return `${placedByTrimaran.replace(/^#/, '--')}
-- Ends the sessions with a database server that is down, once nobody is just being connected to it any more: an answer could
-- not come.
local backends = { ${lastingBackends(server, stack)
    .map((name) => `["${name}"] = true`)
    .join(', ')} }
core.event_sub({ "SERVER_DOWN" }, function(_, data)
  if not backends[data.proxy_name] then return end
  core.msleep(${connectMilliseconds + 100})
  local server = core.proxies[data.proxy_name].servers[data.name]
  if server:get_stats().status:sub(1, 2) == "UP" then return end
  server:shut_sess()
end)
`
}

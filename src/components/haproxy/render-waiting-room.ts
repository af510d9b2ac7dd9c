import type { RenderContext } from '../component.ts'
import { renderServerTimeouts } from './render-backend.ts'
import { type Callee, placesOf, standIn, waitingRoomOf } from './services.ts'

/**
 * Where requests wait while no server of a service is found well: an app that crashed is back within a second or two, and
 * on a busy computer a check may come late everywhere at once. HAProxy queues for servers that are busy, and turns away
 * where all are down; so here the last choice is nobody, which refuses, and a moment later it is looked again.
 */
export function renderWaitingRoom(callee: Callee, { stack, server }: RenderContext): string {
  const servers = callee.servers.flatMap((one) =>
    placesOf(one, callee).map(
      ({ name, address }) => `    server waiting-${name} ${address} track ${callee.name}/${name} tcp-ut 2s`,
    ),
  )
  return `# While no server of ${callee.name} is found well, requests wait here for about three seconds.
backend ${waitingRoomOf(callee)}
    balance roundrobin
${renderServerTimeouts(server, stack)}
    # Only what was never sent is tried again, every 200 ms (timeout connect).
    retry-on conn-failure
    retries 15
    option abortonclose
${servers.join('\n')}
    server ${standIn} 127.0.0.1:1 backup no-check`
}

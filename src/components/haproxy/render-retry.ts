import type { RenderContext } from '../component.ts'
import { renderServerTimeouts, renderSource } from './render-backend.ts'
import { type Upstream, endpointsOf, placeholder, retryBackendOf } from './services.ts'

/**
 * Retries requests at a balancer while no web server is up. It is a separate backend, since the usual one also repeats
 * requests that were sent, and may do so only a few times.
 */
export function renderRetry(upstream: Upstream, context: RenderContext): string {
  const { stack, server } = context
  const servers = upstream.servers.flatMap((one) =>
    endpointsOf(one, upstream).map(
      ({ name, address }) => `    server retry-${name} ${address} track ${upstream.name}/${name} tcp-ut 2s`,
    ),
  )
  return `# While no server of ${upstream.name} is found well, requests wait here for about three seconds.
backend ${retryBackendOf(upstream)}
    balance roundrobin
${renderSource(context)}${renderServerTimeouts(server, stack)}
    # Only requests that were never sent are tried again, every 200 ms (timeout connect).
    retry-on conn-failure
    retries 15
    option abortonclose
${servers.join('\n')}
    server ${placeholder} 127.0.0.1:1 backup no-check`
}

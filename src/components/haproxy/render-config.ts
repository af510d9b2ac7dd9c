import { hasTier, type Stack, type TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { headerLimit, mostHeaders } from '../header-limit.ts'
import { pagePathsOf } from './pages.ts'
import { paths, selfPort } from './paths.ts'
import { renderBackend } from './render-backend.ts'
import { renderReadiness } from './readiness.ts'
import { renderEntry } from './render-entry.ts'
import { renderOpenTables } from './render-open-limits.ts'
import { renderLocalPeer, renderPeers } from './render-rate-limit.ts'
import { leavesDatabases } from './lasting-backends.ts'
import { renderReplicas } from './render-replicas.ts'
import { renderRetry } from './render-retry.ts'
import { upstreamsOf } from './services.ts'
import {
  bufferBytes,
  connectMilliseconds,
  longestDrain,
  longestSilence,
  reservedConnections,
  spareBytes,
  speaksHttp,
  tune,
  type Tuning,
} from './tune.ts'

/** Its purpose, by tier. */
const purposes: Readonly<Partial<Record<TierName, (stack: Stack) => string>>> = {
  balancer: () => 'the way in for visitors, spread over the web servers',
  web: () => 'the sidecar through which nginx reaches a healthy app server',
  app: (stack) =>
    hasTier(stack, 'database')
      ? 'the sidecar through which the app reaches the primary database'
      : 'it tells web servers which slot of the app they may use',
}

/** The decision pages with its reasons, by tier. */
const reasons: Readonly<Partial<Record<TierName, readonly string[]>>> = {
  balancer: ['one-request-one-harm', 'queue-at-the-callers', 'long-connections'],
  web: ['sidecars', 'queue-at-the-callers', 'interim-answers'],
  app: ['sidecars'],
}

/** The whole `/etc/haproxy/haproxy.cfg` of one server, for HAProxy 3.0. */
export function renderConfig(context: RenderContext): string {
  const { stack, server } = context
  const tuning = tune(context)
  return `${[
    `${placedByTrimaran}\n# ${server.name} of ${stack.name}: ${purposes[server.tier]?.(stack) ?? `the sidecar of a ${server.tier} server`}.\n${reasonsOn(...(reasons[server.tier] ?? ['one-haproxy-a-server']))}`,
    renderGlobal(tuning, context),
    renderDefaults(),
    ...(server.tier === 'balancer' ? [...renderPeers(context), renderOpenTables(tuning)] : []),
    ...upstreamsOf(server, stack).flatMap((upstream) => [
      ...(upstream.paths === undefined ? [renderEntry(upstream, context, tuning)] : []),
      renderBackend(upstream, context),
      ...(server.tier === 'balancer' ? [renderRetry(upstream, context)] : []),
      ...renderReplicas(upstream, context, tuning),
    ]),
    ...renderReadiness(context),
    renderSelf(),
  ].join('\n\n')}\n`
}

function renderGlobal({ threads, connections }: Tuning, context: RenderContext): string {
  const { tier } = context.server
  return `global
    user haproxy
    group haproxy
    chroot /var/lib/haproxy
    # To the journal: \`journalctl --namespace=traffic -u haproxy\`. The unit mounts the socket into the chroot.
    log /dev/log len 4096 daemon
    stats socket ${paths.adminSocket} user root group haproxy mode 660 level admin
    stats timeout 30s
    # ${threads === 1 ? 'One thread: faster than several on few cores; the rest is for the kernel and other daemons.' : 'Some cores are left for the kernel and other daemons.'}
    nbthread ${threads}
    # By the memory of this server, with some connections kept free for /alive and /metrics.${tier === 'web' ? ' A request of nginx takes two.' : ''}
    maxconn ${(tier === 'web' ? 2 : 1) * connections + reservedConnections}
    # Where a container allows fewer open files than that, HAProxy still starts, and logs a warning.
    no strict-limits
    # After a reload the old worker finishes its sessions. They are cut after this time${tier === 'app' ? '.' : ', or after twenty more reloads.'}
    # Without close-spread-time: with it, one request in ten thousand got a closed connection during a reload.
    hard-stop-after ${longestDrain}${tier === 'app' ? '' : '\n    mworker-max-reloads 20'}
${speaksHttp(context.server) ? renderHttp(context) : ''}${leavesDatabases(context.server, context.stack) ? `    # Ends sessions with a database server that is down.\n    lua-load ${paths.leave}\n` : ''}    # A reload keeps the states of servers (up, down, drained); ${paths.reload} writes them.
    server-state-file ${paths.serverState}
    # Checks of many servers are spread over time.
    spread-checks 10${renderLocalPeer(context)}`
}

/** What HAProxy needs to know of HTTP before any frontend. */
const renderHttp = ({
  server,
}: RenderContext): string => `    # Room for ${headerLimit / 1024} kB of headers, of requests and of answers.
    tune.bufsize ${bufferBytes(server.tier)}
    tune.maxrewrite ${spareBytes}
    tune.http.maxhdr ${mostHeaders + (server.tier === 'balancer' ? 1 : 30)}
    # The answers that HAProxy itself gives.
    lua-load ${paths.answer} ${pagePathsOf(server.tier).join(' ')}
${server.tier === 'web' ? `    # nginx waits for ever after an interim answer (100, 102, 103).\n    lua-load ${paths.interim}\n` : ''}`

function renderDefaults(): string {
  return `defaults
    mode http
    log global
    # Connections without a single byte (port scans, other checks) are not logged.
    option dontlognull
    # Failed requests are logged as errors: \`journalctl --namespace=traffic -u haproxy -p err\`.
    option log-separate-errors
    # Every further attempt goes to another server, and at once.
    option redispatch 1
    retries 3
    load-server-state-from-file global
    # Shorter than TCP's first retransmission (1 s): a lost packet or a dead server costs this much, then comes the next attempt.
    timeout connect ${connectMilliseconds}ms
    timeout queue 5s
    timeout client 30s
    timeout client-fin 5s
    timeout server-fin 5s
    # The longest silence of a WebSocket.
    timeout tunnel ${longestSilence}
    # A server without power sends nothing, not even a reset: keepalive finds that out.
    option srvtcpka
    srvtcpka-idle 1s
    srvtcpka-intvl 1s
    srvtcpka-cnt 3`
}

/** `/alive` ignores the servers behind: a clear 503 is better than an address that no balancer holds. */
function renderSelf(): string {
  return `# For this server itself: keepalived asks /alive, which only says that this process works; monitoring reads /metrics.
frontend self
    bind 127.0.0.1:${selfPort} proto h1
    no log
    timeout http-request 2s
    timeout http-keep-alive 1s
    monitor-uri /alive
    http-request use-service prometheus-exporter if { path /metrics }
    http-request return status 404`
}

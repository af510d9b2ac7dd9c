import type { TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { placedByTrimaran } from '../placed.ts'
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
import { connectMilliseconds, longestDrain, longestSilence, reservedConnections, tune, type Tuning } from './tune.ts'

/** What it is for on servers of the tiers that need a word about it. */
const purposes: Readonly<Partial<Record<TierName, string>>> = {
  balancer: 'the way in for visitors, spread over the web servers',
  web: 'the sidecar through which nginx reaches a healthy app server',
  app: 'the sidecar through which the app reaches the primary database',
}

/** The whole `/etc/haproxy/haproxy.cfg` of one server, for HAProxy 3.0. */
export function renderConfig(context: RenderContext): string {
  const { stack, server } = context
  const tuning = tune(context)
  return `${[
    `${placedByTrimaran}\n# ${server.name} of ${stack.name}: ${purposes[server.tier] ?? `the sidecar of a ${server.tier} server`}.`,
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
    # The journal: \`journalctl --namespace=traffic -u haproxy\`. The unit mounts the socket into the chroot.
    log /dev/log len 4096 daemon
    stats socket ${paths.adminSocket} user root group haproxy mode 660 level admin
    stats timeout 30s
    # ${threads === 1 ? 'One thread: on few cores it beats several, and leaves the rest to the kernel and the neighbours.' : 'Some cores are left to the kernel and the neighbours.'}
    nbthread ${threads}
    # What the memory bears, and some room kept free for /alive and /metrics.
    maxconn ${connections + reservedConnections}
    # Where a container allows fewer open files than that, HAProxy starts all the same, and says so in its log.
    no strict-limits
    # After a reload the old worker finishes what it began: WebSockets, streams, database sessions. What still runs by then
    # is cut${tier === 'app' ? '.' : ', and so is what outlived twenty more reloads: each old worker takes memory.'}
    # Without close-spread-time: with it, one request in ten thousand met a closed connection while reloading.
    hard-stop-after ${longestDrain}${tier === 'app' ? '' : '\n    mworker-max-reloads 20'}
${leavesDatabases(context.server, context.stack) ? `    # Ends sessions with a database server that is down.\n    lua-load ${paths.leave}\n` : ''}    # A reload takes over who is up, down or drained; ${paths.reload} writes it.
    server-state-file ${paths.serverState}
    # Checks of many servers are not sent in step.
    spread-checks 10${renderLocalPeer(context)}`
}

function renderDefaults(): string {
  return `defaults
    mode http
    log global
    # Connections without a single byte (port scans, other checkers) are not worth a line.
    option dontlognull
    # Failed requests are logged as errors: \`journalctl --namespace=traffic -u haproxy -p err\`.
    option log-separate-errors
    # Every further try goes to another server, and at once.
    option redispatch 1
    retries 3
    load-server-state-from-file global
    # Shorter than TCP's own first repetition (1 s): a lost packet or a dead server costs this much, then the next try.
    timeout connect ${connectMilliseconds}ms
    timeout queue 5s
    timeout client 30s
    timeout client-fin 5s
    timeout server-fin 5s
    # The longest silence of a WebSocket.
    timeout tunnel ${longestSilence}
    # A server that lost its power answers nothing any more, not even a reset: ask for signs of life.
    option srvtcpka
    srvtcpka-idle 1s
    srvtcpka-intvl 1s
    srvtcpka-cnt 3`
}

function renderSelf(): string {
  return `# For this server itself: keepalived asks /alive, monitoring reads /metrics. /alive says that this process works, and no
# more: if no server behind it is left, a clear 503 is better than an address that nobody holds.
frontend self
    bind 127.0.0.1:${selfPort} proto h1
    no log
    timeout http-request 2s
    timeout http-keep-alive 1s
    monitor-uri /alive
    http-request use-service prometheus-exporter if { path /metrics }
    http-request return status 404`
}

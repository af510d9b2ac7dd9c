import { lostHeader } from '../lost-header.ts'
import type { RenderContext } from '../component.ts'
import type { StackState } from '../../stack/stack-state.ts'
import { type Server, type Endpoint, hasTier, type Stack } from '../../stack/stack.ts'
import { paths } from './paths.ts'
import { type Upstream, checkInterval, inSpite, leastInterval, endpointsOf, placeholder } from './services.ts'
import { answerSeconds, connectMilliseconds, longestSilence } from './tune.ts'

/** The servers of a service, how they are checked, and how one is chosen. */
export function renderBackend(upstream: Upstream, context: RenderContext): string {
  return upstream.mode === 'primary' ? renderPrimaryBackend(upstream) : renderHttpBackend(upstream, context)
}

function renderHttpBackend(upstream: Upstream, context: RenderContext): string {
  const { stack, server, stackState } = context
  const isAlone = copiesOf(upstream) < 2
  const often = upstream.endpoints === undefined ? 500 : leastInterval
  return `backend ${upstream.name}
    # Strictly in turn over all threads, so that requests are spread evenly.
    balance roundrobin
${renderSource(context)}${renderServerTimeouts(server, stack)}
${server.tier === 'balancer' ? repeatsRequests(stack, upstream) : repeatsConnections(upstream)}
    # Requests of visitors who closed the connection are dropped.
    option abortonclose
${renderStickiness(upstream)}${renderCheck(upstream, '200-399')}${upstream.endpoints === undefined ? '' : '\n    # Each check reports how many requests this caller has open.\n    http-check send-state'}
    # nginx answers it fast, and so does HAProxy for an app.
    timeout check 500ms
    default-server check inter ${checkInterval(upstream, often)} fastinter ${checkInterval(upstream, 100)} downinter ${checkInterval(upstream, often)} fall 2 rise ${isAlone ? 1 : 2}
${renderQueue(upstream, stack)}
    # Idle connections are closed here first, so that the server does not close one in the middle of a request.
    default-server pool-purge-delay 1s${
      isAlone
        ? ''
        : `
    # Failed connections in a row take a server out before its next check; not with a single server.
    default-server observe layer4 error-limit ${refusedPerServer} on-error mark-down`
    }
${renderServers(upstream, '2s', stackState)}${server.tier === 'balancer' ? '' : `\n${renderPlaceholder}`}`
}

/** The timeouts of an answer, and of a silent stream. */
export function renderServerTimeouts({ tier }: Server, stack: Stack): string {
  const { app } = stack.declared
  const answer = answerSeconds(app)
  return `    # ${hasTier(stack, 'app') ? 'The app' : 'A web server'} may take ${app.requestTimeout} s (requestTimeout)${tier === 'balancer' ? '; with time for its queue' : ''}.
    timeout server ${tier === 'balancer' ? answer.outer : answer.inner}s
    # A stream of events may be silent as long as a WebSocket.
    http-response set-timeout server ${longestSilence} if { res.hdr(Content-Type) -m beg -i text/event-stream }${
      tier === 'balancer'
        ? `
    # Pieces of a streamed answer are sent at once. Else each piece would wait 200 ms for the next one.
    option http-no-delay`
        : `
    # An answer without a length is streamed: nginx passes each piece on at once, compressed or not. Others it buffers for slow visitors.
    http-response set-header X-Accel-Buffering no unless { res.hdr(Content-Length) -m found } || { res.hdr(X-Accel-Buffering) -m found }
    # The app does not reach nginx's own locations, and cannot say that it was lost.
    http-response del-header X-Accel-Redirect if { res.hdr(X-Accel-Redirect) -m beg @ }
    http-response del-header ${lostHeader}`
    }`
}

/** The source address: upstreams accept callers by the addresses of the stack, and a server may have others. */
export const renderSource = ({ server: { address }, facts }: Pick<RenderContext, 'server' | 'facts'>): string =>
  facts.addresses.some((own) => own.address === address)
    ? `    # Who is called knows this server by this address.
    source ${address}
`
    : ''

const idempotent = '{ method GET HEAD OPTIONS PUT DELETE TRACE }'

/**
 * Only balancers repeat a request, and only once: else a request that crashes the app could crash it on every server.
 * HAProxy counts connection attempts and sent requests together, so there is one more of both.
 */
const repeatsRequests = (
  { declared: { app } }: Stack,
  { servers }: Upstream,
): string => `    # A request that was not sent is tried on another server. One that was sent is repeated only if HTTP calls it idempotent${app.idempotencyKey ? ',\n    # or if it has an Idempotency-Key' : ''}.
    # A request that times out is not repeated: the next server would be as slow.
    # A web server says 425 when the app server, or its own sidecar, ended without an answer. What the app says itself is no loss.
    retry-on conn-failure empty-response 425
    # Only once: a request that crashes the app crashes two copies at most.
    retries 1${
      servers.length > 1
        ? ''
        : `
    # There is no other server, so a refused connection is tried again a second later.
    timeout connect 1200ms`
    }
    http-request disable-l7-retry unless ${idempotent}${app.idempotencyKey ? ' || { req.hdr(Idempotency-Key) -m found }' : ''}`

/** How many failed connections in a row take a server out before its next check. */
const refusedPerServer = 3
/** A crashed app is back within seconds, and on a busy computer all checks may be late at once. */
const patienceSeconds = 5

/** How many may be up at a time: only one of the two slots of each. */
const copiesOf = ({ servers, endpoints }: Upstream): number =>
  servers.length * (endpoints === undefined ? 1 : endpoints.list.length / 2)

/** The attempts until HAProxy knows that all are down are added to those that wait. */
const repeatsConnections = (upstream: Upstream): string =>
  `    # Only requests that were never sent are tried again: every ${connectMilliseconds} ms (timeout connect), for ${patienceSeconds} s at least.
    retry-on conn-failure
    retries ${(patienceSeconds * 1000) / connectMilliseconds + refusedPerServer * copiesOf(upstream)}`

function renderPrimaryBackend(upstream: Upstream): string {
  return `backend ${upstream.name}
    mode tcp
    # Exactly one server answers the check with 200: the one with the leader key.
    balance roundrobin
    # Connection attempts are repeated during a failover, for about ten seconds.
    retries ${10_000 / connectMilliseconds}
    timeout server 7d
    # Sessions of a pool may be idle for days; TCP keepalive finds dead ones.
    timeout tunnel 7d
${renderCheck(upstream, '200')}
    timeout check 1s
    # One successful check is enough: only the server with the leader key answers 200.
    default-server check port ${upstream.check.port ?? upstream.port} inter ${checkInterval(upstream, 500)} fastinter ${checkInterval(upstream, 100)} downinter ${checkInterval(upstream, 200)} fall 2 rise 1
    # ${paths.leave} ends sessions with a former primary, which would never get an answer.
${renderServers(upstream, '3s')}
${renderPlaceholder}`
}

/** HAProxy queues requests for busy servers, but refuses them where all are down. */
const renderPlaceholder = `    # While no server can be used, requests wait: each attempt is refused here, and tried again later (timeout connect).
    server ${placeholder} 127.0.0.1:1 backup no-check observe none`

/** Without the Host header of a site: frameworks that check the host accept localhost. */
const renderCheck = ({ check }: Upstream, status: string): string =>
  `    option httpchk
    http-check send meth ${check.method} uri ${word(check.path)} ver HTTP/1.1 hdr Host localhost hdr User-Agent HAProxy-check hdr Connection close
    http-check expect status ${status}`

/**
 * `silence` is how long a server may leave sent data unacknowledged. A primary is used even if the stack state excludes
 * it.
 */
function renderServers(upstream: Upstream, silence: string, stackState?: StackState): string {
  const { servers, name } = upstream
  if (servers.length === 0) return `    # No server of ${name} has a known address yet.`
  return `    # A server that lost its power is given up after ${silence} (tcp-ut), which default-server would silently ignore.
${servers
  .flatMap((server) =>
    endpointsOf(server, upstream).map(
      (endpoint) =>
        `    server ${endpoint.name} ${endpoint.address}${beside(server, endpoint.readiness, upstream)} tcp-ut ${silence}${stackState === undefined ? '' : inSpite(stackState, server)}`,
    ),
  )
  .join('\n')}`
}

/** The options of an endpoint: its readiness port, and its name in a visitor's cookie. */
const beside = ({ name }: Server, readiness: Endpoint | undefined, { isSticky }: Upstream): string => {
  if (readiness === undefined) return ''
  const cookie = isSticky === true ? ` cookie ${name}${readiness.copy === 1 ? '' : `-${readiness.copy}`}` : ''
  return ` port ${readiness.readinessPort}${cookie}`
}

/** One argument in HAProxy's config, quoted where necessary. */
const word = (text: string): string => (/^[\w/.?&=:~+%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** How many requests a server takes at a time, shared by its callers. */
function renderQueue({ name, concurrency, callers }: Upstream, { declared }: Stack): string {
  if (concurrency === undefined)
    return `    # Too many at once wait here, not in the server; one that comes back is given its full share step by step.
    default-server maxconn ${Math.max(50, Math.ceil((roomOf[name] ?? 2000) / callers))} slowstart 5s weight 100`
  const share = Math.ceil(concurrency / callers)
  return `    # A copy of it works on ${concurrency} at a time (concurrency)${callers === 1 ? '' : `, shared by ${callers} callers`}. More wait here for ${declared.app.queueTimeout} s (queueTimeout), then get a 503.
    timeout queue ${declared.app.queueTimeout}s
    default-server maxconn ${share} slowstart 5s weight 100`
}
const roomOf: Readonly<Record<string, number>> = { web: 8000, app: 2000 }

/**
 * The cookie names the server and the copy, but not the slot: after a deploy the visitor gets the other slot of the
 * same server, since HAProxy takes the first one of that name that is up. If none is, it chooses another.
 */
function renderStickiness({ name, isSticky }: Upstream): string {
  if (isSticky !== true) return ''
  const cookie = `${name}-server`
  return `    # A visitor stays with the server that first answered (sticky). The cookie names it, not the slot in which the app runs
    # there, so it outlives a deploy; where that server is down, another one is chosen and named.
    cookie ${cookie} insert indirect nocache httponly attr SameSite=Lax
    http-request set-var(txn.scheme) req.hdr(X-Forwarded-Proto)
    http-after-response replace-header Set-Cookie '^(${cookie}=.*)$' '\\1; Secure' if { var(txn.scheme) -m str https }
`
}

import type { RenderContext } from '../component.ts'
import type { StackState } from '../../stack/stack-state.ts'
import type { Server, Endpoint, Stack } from '../../stack/stack.ts'
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
    # Strictly in turn, over all threads: the spread is even to the single request.
    balance roundrobin
${renderSource(context)}${renderServerTimeouts(server, stack)}
${server.tier === 'balancer' ? repeatsRequests(stack, upstream) : repeatsConnections(upstream)}
    # Visitors who went away are not waited for.
    option abortonclose
${renderStickiness(upstream)}${renderCheck(upstream, '200-399')}${upstream.endpoints === undefined ? '' : '\n    # With each check it is told how many requests there are from here.\n    http-check send-state'}
    # nginx never needs long for it, nor does HAProxy when it answers for an app.
    timeout check 500ms
    default-server check inter ${checkInterval(upstream, often)} fastinter ${checkInterval(upstream, 100)} downinter ${checkInterval(upstream, often)} fall 2 rise ${isAlone ? 1 : 2}
${renderQueue(upstream, stack)}
    # Idle connections are closed here before the server closes them under a request, and soon on one that steps aside.
    default-server pool-purge-delay 1s${
      isAlone
        ? ''
        : `
    # Failed connections in a row take a server out before its next check; with a single server this would only hurt.
    default-server observe layer4 error-limit ${refusedPerServer} on-error mark-down`
    }
${renderServers(upstream, '2s', stackState)}${server.tier === 'balancer' ? '' : `\n${renderPlaceholder}`}`
}

/** How long an answer may take, and a stream be silent. */
export function renderServerTimeouts({ tier }: Server, { declared: { app } }: Stack): string {
  const answer = answerSeconds(app)
  return `    # The app may take ${app.requestTimeout} s (requestTimeout)${tier === 'balancer' ? '; what a request waits for before that has room, too' : ''}.
    timeout server ${tier === 'balancer' ? answer.outer : answer.inner}s
    # A stream of events may be silent for as long as a WebSocket.
    http-response set-timeout server ${longestSilence} if { res.hdr(Content-Type) -m beg -i text/event-stream }${
      tier === 'balancer'
        ? `
    # What the app sends piece by piece goes out at once. Else each piece would wait 200 ms for the next one.
    option http-no-delay`
        : ''
    }`
}

/** From which address: upstreams know who may call them by the addresses of the stack, and a server may have others. */
export const renderSource = ({ server: { address }, facts }: Pick<RenderContext, 'server' | 'facts'>): string =>
  facts.addresses.some((own) => own.address === address)
    ? `    # Who is called knows this server by this address.
    source ${address}
`
    : ''

const idempotent = '{ method GET HEAD OPTIONS PUT DELETE TRACE }'

/**
 * Balancers alone send a request a second time, and once: were others to do so, too, or more often, a request that ends the
 * process which works on it would end them all. HAProxy counts attempts to connect and requests that were sent together,
 * so there is one more of both.
 */
const repeatsRequests = (
  { declared: { app } }: Stack,
  { servers }: Upstream,
): string => `    # A request that failed goes to one more server, unless it may have had an effect: only what HTTP calls idempotent is
    # sent a second time${app.idempotencyKey ? ', and what says itself that it may be, with an Idempotency-Key that the app knows' : ''}. If the connection failed, nothing was
    # sent, and any request is tried again. One that only takes too long is not: the next server would work on it as long,
    # and a busy database would get it several times.
    # 502 is what a web server says when the app server, or its own sidecar, ended in the middle of it.
    retry-on conn-failure empty-response 502
    # Once, whoever failed: a request that ends what works on it ends two of them and no more.
    retries 1${
      servers.length > 1
        ? ''
        : `
    # Nobody else is there, so what was refused is tried again a second later.
    timeout connect 1200ms`
    }
    http-request disable-l7-retry unless ${idempotent}${app.idempotencyKey ? ' || { req.hdr(Idempotency-Key) -m found }' : ''}`

/** So many failed connections in a row take a server out before its next check. */
const refusedPerServer = 3
/** A crashed app is back within seconds, and on a busy computer a check may come late everywhere at once. */
const patienceSeconds = 5

/** So many may be up at a time: of two slots for each, only one is. */
const copiesOf = ({ servers, endpoints }: Upstream): number =>
  servers.length * (endpoints === undefined ? 1 : endpoints.list.length / 2)

/** The tries that it takes until HAProxy has found out that all are down come on top of those that wait. */
const repeatsConnections = (upstream: Upstream): string =>
  `    # Only what was never sent is tried again: on another server at once, and while nobody can be reached every ${connectMilliseconds} ms
    # (timeout connect), for ${patienceSeconds} s at least. What was sent gets a 502 when its server ends; balancers send it again if HTTP allows.
    retry-on conn-failure
    retries ${(patienceSeconds * 1000) / connectMilliseconds + refusedPerServer * copiesOf(upstream)}`

function renderPrimaryBackend(upstream: Upstream): string {
  return `backend ${upstream.name}
    mode tcp
    # Exactly one server answers the check with 200: the one with the leader key.
    balance roundrobin
    # For as long as a failover takes, an attempt to connect is tried again: about ten seconds.
    retries ${10_000 / connectMilliseconds}
    timeout server 7d
    # Sessions of a pool may be idle for days; dead ones are found by TCP's own signs of life.
    timeout tunnel 7d
${renderCheck(upstream, '200')}
    timeout check 1s
    # One good answer is enough, since only the server with the leader key gives it.
    default-server check port ${upstream.check.port ?? upstream.port} inter ${checkInterval(upstream, 500)} fastinter ${checkInterval(upstream, 100)} downinter ${checkInterval(upstream, 200)} fall 2 rise 1
    # Sessions with a server that is primary no more are ended by ${paths.leave}, instead of waiting for an answer that cannot come.
${renderServers(upstream, '3s')}
${renderPlaceholder}`
}

/** HAProxy queues for servers that are busy, and turns away where all are down. */
const renderPlaceholder = `    # While nobody can be used, who comes waits instead of being turned away: here each attempt is refused, and a moment
    # later (timeout connect) it is looked again.
    server ${placeholder} 127.0.0.1:1 backup no-check observe none`

/** Without the Host header of a site: frameworks that guard against foreign hosts let localhost in. */
const renderCheck = ({ check }: Upstream, status: string): string =>
  `    option httpchk
    http-check send meth ${check.method} uri ${word(check.path)} ver HTTP/1.1 hdr Host localhost hdr User-Agent HAProxy-check hdr Connection close
    http-check expect status ${status}`

/** `silence` is how long a server may leave what it was sent unconfirmed. Only a primary is used whatever the stack state says. */
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

/** What an endpoint has beside its address: the port that tells its readiness, and the name in a visitor's cookie. */
const beside = ({ name }: Server, readiness: Endpoint | undefined, { isSticky }: Upstream): string => {
  if (readiness === undefined) return ''
  const cookie = isSticky === true ? ` cookie ${name}${readiness.copy === 1 ? '' : `-${readiness.copy}`}` : ''
  return ` port ${readiness.readinessPort}${cookie}`
}

/** One word of HAProxy's language, quoted where it must be. */
const word = (text: string): string => (/^[\w/.?&=:~+%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** A server's room for requests at a time, shared by its callers. */
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
 * The cookie names the server, and the copy there, but not the slot: after a deploy the visitor finds the same server's
 * other slot, since of all that bear the name HAProxy takes the first that is up. Where none is, it chooses another.
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

import { lostHeader } from '../lost-header.ts'
import type { RenderContext } from '../component.ts'
import { isDrained } from '../../stack/stack-state.ts'
import { type Server, siteName, type Stack } from '../../stack/stack.ts'
import { renderErrors, renderFormat } from './pages.ts'
import { innerSocketOf, paths, publicPort, socketOf } from './paths.ts'
import { refuse, replaceAnswer } from './refuse.ts'
import { renderDomains } from './render-domains.ts'
import { renderMaintenance } from './render-maintenance.ts'
import { renderConnectionLimit, renderOpenLimit } from './render-open-limits.ts'
import { renderRateLimit } from './render-rate-limit.ts'
import { renderVisitor } from './render-visitor.ts'
import { gateOf, type Upstream, upstreamsOf, retryBackendOf } from './services.ts'
import { longestSilence, type Tuning } from './tune.ts'

/** The frontend of a service: the public port of a balancer, or a local port or socket of a sidecar. */
export function renderEntry(upstream: Upstream, context: RenderContext, tuning: Tuning): string {
  const { server, stack } = context
  if (upstream.mode === 'primary') return renderDatabaseEntry(upstream, tuning)
  return server.tier === 'balancer'
    ? renderPublicEntry(upstream, context, tuning)
    : renderSocketEntry(upstream, routedOf(server, stack), tuning)
}

function renderPublicEntry(
  { name }: Upstream,
  { stack, server, stackState }: RenderContext,
  { connections }: Tuning,
): string {
  return [
    `frontend visitors
    # HTTP/1 only: HTTP/2 in clear text is not needed, and would reach the servers behind in another form.
    bind *:${publicPort} proto h1 backlog 8192
    maxconn ${connections}
    log-format "${logLine('%ci')}"
    unique-id-format %[uuid(7)]
    # A visitor who sends a request byte by byte gets this much time.
    timeout http-request 10s
    timeout http-keep-alive 10s
${closingHeaders}${isDrained(stackState, server.name) ? goodbye : ''}
${renderErrors('balancer')}
${renderFormat}

${renderConnectionLimit(stack, connections)}
    # HTTP/1.0 knows no Host.
    http-request set-header Host ${siteName(stack)} if HTTP_1.0 !{ req.hdr(Host) -m found }`,
    renderVisitor(stack),
    `    http-request set-header X-Trimaran-Balancer ${server.name}
    http-request set-header X-Request-Id %[unique-id]
    http-request set-var(txn.request_id) unique-id
    # It finds a visitor's request in the log of every tier.
    http-after-response set-header X-Request-Id %[unique-id]
    # Whoever prefers JSON gets errors in JSON, from whichever server.
    http-request set-var(txn.as_json) bool(true) if { req.fhdr(Accept) -m sub -i json } { req.fhdr(Accept),lua.prefers_json -m str yes }
    http-request set-header X-Trimaran-Errors json if { var(txn.as_json) -m bool }`,
    `    # The request was lost, and must not be sent again, or was lost again.
${replaceAnswer({ status: 502, page: 502, retrySeconds: 5, condition: `{ status 425 } { res.hdr(${lostHeader}) -m found }` })}`,
    renderUnderstood(),
    renderOpenLimit(stack),
    ...renderRateLimit(stack, server),
    ...renderMaintenance(stackState),
    ...renderDomains(stack),
    `    use_backend ${retryBackendOf({ name })} if { nbsrv(${name}) lt 1 }
    default_backend ${name}`,
  ].join('\n\n')
}

/** What is refused since nginx would refuse it, without a page of ours or the visitor's wish. */
const renderUnderstood = (): string => `    # HTTP/1.1 demands a Host.
${refuse({ status: 400, page: 400, condition: '!{ req.hdr(Host) -m found }' })}
    # No path has broken escapes (%zz), or a null in it.
${refuse({ status: 400, page: 400, condition: `{ path -m sub % } { path -m reg '%(00|(?![0-9A-Fa-f]{2}))' }` })}`

function renderSocketEntry({ name }: Upstream, routed: readonly Upstream[], { connections }: Tuning): string {
  return `# nginx 1.26 takes an interim answer (100, 102, 103) for the answer, so none gets there.
listen ${gateOf({ name })}
    mode tcp
    no log
    # For nginx only: its workers run as www-data.
    bind unix@${socketOf(name)} user root group www-data mode 660
    maxconn ${connections}
    timeout client ${longestSilence}
    timeout server ${longestSilence}
    filter lua.drop-interim-answers
    server here ${innerSocketOf(name)}

frontend to-${name}
    bind ${innerSocketOf(name)} proto h1
    maxconn ${connections}
    log-format "${logLine('%[var(txn.client)]')}"
    unique-id-format %[uuid(7)]
    timeout http-request 10s
    # Longer than nginx keeps an idle connection: the side that sends requests must close it first.
    timeout http-keep-alive 15s
${closingHeaders}
${renderErrors('web')}
${renderFormat}
    # A server that ended without an answer is lost: nginx says so, and a balancer sends the request once more.
    http-after-response set-header X-Accel-Redirect @lost if { txn.sess_term_state -m beg SH }

    # The balancer's id is kept. Only a request from this server itself can come without one.
    http-request set-header X-Request-Id %[unique-id] unless { req.hdr(X-Request-Id) -m found }
    http-request set-var(txn.request_id) req.hdr(X-Request-Id)
    http-request set-var(txn.client) req.hdr(X-Forwarded-For)
    http-request set-var(txn.as_json) bool(true) if { req.hdr(X-Trimaran-Errors) json }
    http-request del-header X-Trimaran-Errors

${routed.length === 0 ? '' : renderRoutes(routed)}    default_backend ${name}`
}

const routedOf = (server: Server, stack: Stack): readonly Upstream[] =>
  upstreamsOf(server, stack).filter(({ paths }) => paths !== undefined)

/** nginx says which process a path belongs to: it decodes paths in the same way for static files. */
const renderRoutes = (
  routed: readonly Upstream[],
): string => `    http-request set-var(txn.process) req.hdr(X-Trimaran-Process)
    http-request del-header X-Trimaran-Process
${routed.map(({ name }) => `    use_backend ${name} if { var(txn.process) -m str ${name} }\n`).join('')}`

function renderDatabaseEntry({ name, port }: Upstream, { connections }: Tuning): string {
  return `frontend to-${name}
    mode tcp
    bind 127.0.0.1:${port}
    maxconn ${connections}
    log-format "client=%ci:%cp server=%b/%s ms=%Tt queue=%Tw connect=%Tc sent=%U received=%B ended=%ts retries=%rc open=%ac"
    timeout client 7d
    default_backend ${name}`
}

/**
 * One line for each request, with the same names as nginx uses; times in milliseconds, -1 where that phase was not
 * reached.
 */
const logLine = (client: string): string =>
  [
    `request_id=%[var(txn.request_id)] client=${client} method=%HM path=%{+Q}HU status=%ST bytes=%B server=%b/%s`,
    `ms=%Ta read=%TR queue=%Tw connect=%Tc answer=%Tr ended=%ts why=%[txn.sess_term_state,map_str(${paths.ends},-)] retries=%rc open=%ac/%sc`,
  ].join(' ')

const closingHeaders = `    # A reload closes an idle connection only with an answer, so that no request is lost on its way.
    option idle-close-on-response`

const goodbye = `
    # This server is drained: every answer closes its connection, so that none is open when the address moves.
    option httpclose`

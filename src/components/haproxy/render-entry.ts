import type { RenderContext } from '../component.ts'
import { isDrained } from '../../stack/stack-state.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import { pagePath } from './pages.ts'
import { publicPort, socketOf } from './paths.ts'
import { renderDomains } from './render-domains.ts'
import { renderMaintenance } from './render-maintenance.ts'
import { renderConnectionLimit, renderOpenLimit } from './render-open-limits.ts'
import { renderRateLimit } from './render-rate-limit.ts'
import { renderVisitor } from './render-visitor.ts'
import { type Upstream, upstreamsOf, retryBackendOf } from './services.ts'
import type { Tuning } from './tune.ts'

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
${errorPages}

${renderConnectionLimit(stack, connections)}`,
    renderVisitor(stack),
    `    http-request set-header X-Trimaran-Balancer ${server.name}
    http-request set-header X-Request-Id %[unique-id]
    http-request set-var(txn.request_id) unique-id
    # It finds a visitor's request in the log of every tier.
    http-after-response set-header X-Request-Id %[unique-id]`,
    renderOpenLimit(stack),
    ...renderRateLimit(stack, server),
    ...renderMaintenance(stackState),
    ...renderDomains(stack),
    `    use_backend ${retryBackendOf({ name })} if { nbsrv(${name}) lt 1 }
    default_backend ${name}`,
  ].join('\n\n')
}

function renderSocketEntry({ name }: Upstream, routed: readonly Upstream[], { connections }: Tuning): string {
  return `frontend to-${name}
    # For nginx only: its workers run as www-data.
    bind unix@${socketOf(name)} user root group www-data mode 660 proto h1
    maxconn ${connections}
    log-format "${logLine('%[var(txn.client)]')}"
    unique-id-format %[uuid(7)]
    timeout http-request 10s
    # Longer than nginx keeps an idle connection: the side that sends requests must close it first.
    timeout http-keep-alive 15s
${closingHeaders}
${errorPages}

    # The balancer's id is kept. Only a request from this server itself can come without one.
    http-request set-header X-Request-Id %[unique-id] unless { req.hdr(X-Request-Id) -m found }
    http-request set-var(txn.request_id) req.hdr(X-Request-Id)
    http-request set-var(txn.client) req.hdr(X-Forwarded-For)

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
    'ms=%Ta read=%TR queue=%Tw connect=%Tc answer=%Tr ended=%ts retries=%rc open=%ac/%sc',
  ].join(' ')

const closingHeaders = `    # A reload closes an idle connection only with an answer, so that no request is lost on its way.
    option idle-close-on-response`

const goodbye = `
    # This server is drained: every answer closes its connection, so that none is open when the address moves.
    option httpclose`

const errorPages = (
  [
    [502, 504],
    [503, 503],
    [504, 504],
  ] as const
)
  .map(
    ([status, page]) =>
      `    http-error status ${status} content-type "text/html; charset=utf-8" lf-file ${pagePath(page)} hdr Cache-Control no-store hdr Retry-After 5`,
  )
  .join('\n')

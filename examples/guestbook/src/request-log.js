import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import { log } from './log.js'

/**
 * Gives every request an id, a client address and a way to the database that carries the id; answers with the id; and
 * writes one line when the answer is through. A health check that went well is not worth a line: there are several a
 * second.
 */
export function traceRequests(database) {
  return async function trace(c, next) {
    const startedAt = performance.now()
    const requestId = readRequestId(c.req.header('x-request-id'))
    c.set('requestId', requestId)
    c.set('client', readClient(c.req.header('x-forwarded-for'), c.env?.incoming?.socket.remoteAddress))
    c.set('query', (text, values) => database.query(text, values, requestId))
    c.header('X-Request-Id', requestId)
    c.env?.outgoing?.once('close', () => writeLine(c, startedAt))
    await next()
  }
}

function writeLine(c, startedAt) {
  const { statusCode: status, writableFinished } = c.env.outgoing
  if (c.req.path === '/up' && status === 200) return
  const level = status >= 500 ? 'warn' : 'info'
  log[level]('request', {
    request_id: c.var.requestId,
    client: c.var.client,
    method: c.req.method,
    path: c.req.path,
    status,
    ms: (performance.now() - startedAt).toFixed(1),
    aborted: writableFinished ? undefined : true,
  })
}

/** The id that came with the request, fit for a log line and an SQL comment; a new one when there is none. */
export function readRequestId(header = '') {
  return header.replace(/[^\w.:-]/g, '').slice(0, 100) || randomUUID()
}

/** The first address of X-Forwarded-For: the balancer writes it anew, so it is what the balancer itself saw. */
export function readClient(header = '', socketAddress = 'unknown') {
  const first = header.split(',')[0].trim()
  return isIP(first) ? first : socketAddress.replace(/^::ffff:/, '')
}

import { setTimeout as sleep } from 'node:timers/promises'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { DatabaseAway } from './database.js'
import { addEntry, listEntries, readEntry } from './entries.js'
import { watchEntries } from './live-entries.js'
import { log } from './log.js'
import { awayPage, homePage, notFoundPage, oopsPage } from './pages.js'
import { traceRequests } from './request-log.js'
import { describeServers, findServers } from './where.js'

/**
 * The guestbook: every route and what it answers. `isReady()` says whether the migrations are done; `ending` is the
 * signal that this process is about to stop.
 */
export function createApp({ database, publicFolder, isReady, ending }) {
  const app = new Hono()
  const live = watchEntries(() => listEntries((text, values) => database.query(text, values, 'live-entries')))

  app.use(traceRequests(database))
  app.use(closeWhenEnding(ending))
  app.use(bodyLimit({ maxSize: 16 * 1_024, onError: (c) => refuse(c, 413, 'That is too long for a guestbook.') }))

  // Shallow on purpose. If it asked the database, one hiccup there would take every app server out of service at once.
  app.get('/up', (c) => {
    if (ending.aborted) return c.text('ending\n', 503)
    return isReady() ? c.text('up\n') : c.text('starting\n', 503)
  })

  app.use(setPageHeaders)
  app.get('/', async (c) => c.html(await renderHome(c)))
  app.post('/entries', async (c) => {
    const { entry, problems } = readEntry(await c.req.parseBody().catch(() => ({})))
    if (hasAny(problems)) return c.html(await renderHome(c, { entry, problems }), 422)
    c.set('draft', entry)
    await addEntry(c.var.query, entry)
    return c.redirect('/', 303)
  })

  app.get('/api/entries', async (c) => c.json({ entries: await listEntries(c.var.query) }))
  app.post('/api/entries', async (c) => {
    const body = await c.req.json().catch(() => undefined)
    if (body === undefined) return refuse(c, 400, 'The body is not JSON.')
    const { entry, problems } = readEntry({ key: c.req.header('idempotency-key'), ...body })
    if (hasAny(problems)) return c.json({ error: Object.values(problems).join(' '), problems }, 422)
    return c.json(await addEntry(c.var.query, entry), 201)
  })
  app.get('/api/where', async (c) => c.json(await findServers(c)))

  app.get('/events', (c) => streamEntries(c, live, ending))

  // A request that takes its time, to watch what a drain, a deploy or a failover does to it.
  app.get('/slow', async (c) => {
    const milliseconds = Number(c.req.query('ms') ?? 500)
    if (!(milliseconds >= 0 && milliseconds <= 10_000)) return refuse(c, 400, 'ms must be a number from 0 to 10000.')
    await sleep(milliseconds)
    return c.text(`Waited ${milliseconds} ms.\n`)
  })

  // On a stack nginx has answered these already; here they serve whoever runs the app alone.
  app.get('*', serveStatic({ root: publicFolder }))

  app.notFound((c) => (isApi(c) ? refuse(c, 404, 'There is nothing here.') : c.html(notFoundPage(), 404)))
  app.onError((error, c) => {
    if (error instanceof DatabaseAway) return answerAway(error, c)
    log.error('request_failed', { request_id: c.var.requestId, reason: error.stack ?? error })
    return isApi(c) ? refuse(c, 500, 'Something broke on our side.') : c.html(oopsPage(c.var.requestId), 500)
  })
  return app
}

async function renderHome(c, form) {
  const [entries, servers] = await Promise.all([listEntries(c.var.query), findServers(c)])
  return homePage({ entries, servers, form })
}

/** New entries as server-sent events: those after the id that the page, or its last connection, has already seen. */
function streamEntries(c, live, ending) {
  c.header('X-Accel-Buffering', 'no') // nginx: pass each event on as it comes
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' })
  const after = Number(c.req.header('last-event-id') ?? c.req.query('after')) || 0
  return streamSSE(c, async (stream) => {
    const gone = new AbortController()
    const over = AbortSignal.any([gone.signal, ending])
    stream.onAbort(() => gone.abort())
    await stream.write('retry: 1000\n\n')
    const leave = live.join(after, (entry) =>
      stream.writeSSE({ event: 'entry', id: String(entry.id), data: JSON.stringify(entry) }),
    )
    while (!over.aborted) {
      await stream.write(': still here\n\n') // well inside the proxies' patience of 15 s
      await sleep(5_000, undefined, { signal: over }).catch(() => {})
    }
    leave()
  })
}

/** An answer that tells a proxy not to send more over this connection, once this process is about to stop. */
function closeWhenEnding(ending) {
  return async function close(c, next) {
    await next()
    if (ending.aborted) c.header('Connection', 'close')
  }
}

async function setPageHeaders(c, next) {
  await next()
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Cache-Control', 'no-store')
  if (c.res.headers.get('Content-Type')?.startsWith('text/html')) {
    c.header('Content-Security-Policy', "default-src 'self'; base-uri 'none'; frame-ancestors 'none'")
    c.header('Referrer-Policy', 'same-origin')
  }
}

function answerAway(error, c) {
  log.warn('database_away', { request_id: c.var.requestId, reason: error.message })
  c.header('Retry-After', '2')
  if (isApi(c)) return refuse(c, 503, 'The database does not answer just now. Please try again in a moment.')
  return c.html(awayPage({ servers: describeServers(c, null), draft: c.var.draft }), 503)
}

const refuse = (c, status, error) => c.json({ error, requestId: c.var.requestId }, status)
const isApi = (c) => c.req.path.startsWith('/api/')
const hasAny = (object) => Object.keys(object).length > 0

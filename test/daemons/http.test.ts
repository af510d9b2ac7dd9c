import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { components } from '../../src/components/index.ts'
import { fiveServers } from '../../src/components/testing/stacks.ts'
import type { Answer } from './http/answer.ts'
import { type Seen, type Visit, visitChain, type Visited } from './http/chain.ts'
import { hasStockedImage } from './in-image.ts'

// What docs/http.md promises. Each of its lines names a test here: `test/house/http.test.ts` holds both together.

const five = fiveServers(components)
/** The app may take a second; the sidecar waits for two. */
const stack = { ...five, declared: { ...five.declared, app: { ...five.declared.app, requestTimeout: 1 } } }

const request = (line: string, headers: readonly string[] = [], body = ''): string =>
  [line, 'Host: www.example.com', 'Connection: close', ...headers, '', body].join('\r\n')
const ask = (method: string, target: string, headers: readonly string[] = [], body = ''): Visit => ({
  send: [
    request(
      `${method} ${target} HTTP/1.1`,
      body === '' ? headers : [`Content-Length: ${body.length}`, ...headers],
      body,
    ),
  ],
})
const get = (target: string, ...headers: readonly string[]): Visit => ask('GET', target, headers)
const gzip = 'Accept-Encoding: gzip'
const json = 'Accept: application/json'

const sizes = {
  'a cookie of 30 kB': get('/size/cookie', `Cookie: ${'c'.repeat(30_000)}`),
  'ten headers of 3 kB': get(
    '/size/ten',
    ...Array.from({ length: 10 }, (_, index) => `X-Ten-${index}: ${'x'.repeat(3000)}`),
  ),
  'a target of 30 kB': get(`/size/${'u'.repeat(30_000)}`),
  '180 headers': get('/size/many', ...Array.from({ length: 180 }, (_, index) => `X-Many-${index}: x`)),
}
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'] as const
const targets = ['//a//b', '/a/../b', '/a%2Fb', '/%C3%BC%20?q=%25+%3F', '/a;b=c?d', '/a?', '/~a!$&()*+,=:@'] as const
const redirects = {
  '/c%23': '/c%23/',
  '/%C3%BCber%20uns': '/%C3%BCber%20uns/',
  '/what%3F': '/what%3F/',
  '/what%3f?x=1&y=%20': '/what%3f/?x=1&y=%20',
  '/100%25': '/100%25/',
  '//plain?x': '/plain/?x',
} as const
const upload = 'x'.repeat(3_000_000)

const visits = {
  http10: { send: ['GET /host/10 HTTP/1.0\r\n\r\n'] },
  'http10 to a stream': { send: ['GET /stream/text/plain HTTP/1.0\r\n\r\n'] },
  http11: { send: ['GET /host/11 HTTP/1.1\r\nConnection: close\r\n\r\n'] },
  names: get('/names', 'api_key: one', 'X.Dotted: two', 'X_Forwarded_For: 6.6.6.6', 'Content_Length: 3'),
  ...sizes,
  'too large a cookie': get('/size/too-large', `Cookie: ${'c'.repeat(70_000)}`),
  'large answer': get('/large/30/3'),
  'answer of many headers': get('/large/8/180'),
  'too large an answer': get('/large/60/4', json),
  cookies: get('/cookies'),
  absolute: get('http://www.example.com/absolute?x'),
  ...Object.fromEntries(targets.map((target) => [target, get(target)])),
  ...Object.fromEntries(Object.keys(redirects).map((target) => [target, get(target)])),
  'bad escape': get('/%zz', json),
  null: get('/%00'),
  ...Object.fromEntries(methods.map((method) => [method, ask(method, `/method/${method}`, [], 'body')])),
  head: ask('HEAD', '/page'),
  'no body': ask('POST', '/body/none'),
  'empty body': ask('POST', '/body/empty', ['Content-Length: 0']),
  'chunked body': {
    send: [
      request('POST /body/chunked HTTP/1.1', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n'),
      '6\r\n world\r\n0\r\n\r\n',
    ],
  },
  expect: { send: [request('PUT /body/expect HTTP/1.1', ['Expect: 100-continue', 'Content-Length: 5']), 'hello'] },
  upload: ask('POST', '/body/upload', [], upload),
  'too large an upload': ask('POST', '/body/too-large', ['Content-Length: 99999999', json]),
  'too large an upload in HTML': ask('POST', '/body/too-large', ['Content-Length: 99999999']),
  pipelined: {
    send: [`GET /pipe/one HTTP/1.1\r\nHost: x\r\n\r\n${request('GET /pipe/two HTTP/1.1')}`],
  },
  'hint 100': get('/hints/100'),
  'hints 102': get('/hints/102,102'),
  'hints 103': get('/hints/103,103'),
  'hint, then chunks': get('/hints/103/chunked', gzip),
  nothing: get('/nothing'),
  same: get('/same', 'If-None-Match: "v1"', gzip),
  page: get('/page', gzip),
  html: get('/stream/text/html', gzip),
  'plain stream': get('/stream/text/html'),
  events: get('/stream/text/event-stream', gzip),
  'silent stream': { ...get('/patient/2.6/text/html'), seconds: 8 },
  'silent events': { ...get('/patient/2.6/text/event-stream'), seconds: 8 },
  cut: get('/cut'),
  'cut in chunks': get('/cut-chunked'),
  'cut, compressed': get('/cut-chunked', gzip),
  'until closed': get('/until-closed'),
  part: get('/part', 'Range: bytes=0-3'),
  'part of a file': get('/file.txt', 'Range: bytes=2-4'),
  'no such part': get('/file.txt', 'Range: bytes=200-'),
  file: get('/file.txt'),
  trailers: get('/trailers', 'TE: trailers'),
  'request with trailers': {
    send: [request('POST /body/trailers HTTP/1.1', ['Transfer-Encoding: chunked'], '1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n')],
  },
  socket: {
    send: [
      'GET /switch HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    ],
  },
  ...Object.fromEntries([500, 502, 503, 504].map((status) => [`says ${status}`, get(`/says/${status}`)])),
  lost: get('/lost/read', json),
  'lost write': ask('POST', '/lost/write', [], 'x'),
  junk: get('/junk'),
  late: { ...get('/late/3.5', json), seconds: 6 },
  'late in HTML': { ...get('/late/3.5'), seconds: 6 },
  'JSON by weight': get('/%zz', 'Accept: text/html;q=0.5, application/json;q=0.8'),
  'JSON first, then all': get('/%zz', 'Accept: application/json, text/plain, */*'),
  'a kind of JSON': get('/%zz', 'Accept: application/vnd.api+json'),
  browser: get('/%zz', 'Accept: text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8'),
  anything: get('/%zz', 'Accept: */*'),
} satisfies Readonly<Record<string, Visit>>

describe.skipIf(!hasStockedImage())('HTTP through the whole chain', () => {
  let visited: Visited
  beforeAll(async () => {
    visited = await visitChain(visits, stack, {
      files: {
        '/srv/web/current/file.txt': 'abcdefgh',
        ...Object.fromEntries(
          ['c#', 'über uns', 'what?', '100%', 'plain'].map((folder) => [`/srv/web/current/${folder}/index.html`, '']),
        ),
      },
    })
  })
  const to = (name: keyof typeof visits): Answer => visited.answers[name]!
  const seen = (path: string): readonly Seen[] => visited.seen.filter(({ target }) => target.startsWith(path))
  const told = (path: string): string | undefined =>
    seen('/')
      .find(({ target }) => target === path)
      ?.headers.find(([name]) => name.toLowerCase() === 'host')?.[1]

  it('[host] demands a name in HTTP/1.1, and knows it in HTTP/1.0', () => {
    expect(to('http10').status).toBe(200)
    expect(told('/host/10')).toBe('198.18.0.10')
    expect(to('http11').status).toBe(400)
    expect(seen('/host/11')).toEqual([])
  })

  it('[http-1.0] answers without chunks', () => {
    const { raw, status } = to('http10 to a stream')
    expect([status, raw.split('\r\n\r\n')[1]]).toEqual([200, 'first\nsecond\nthird\n'])
  })

  it('[header-names] passes on names with other characters, but none that could be taken for ours', () => {
    const names = Object.fromEntries(seen('/names')[0]!.headers.map(([name, value]) => [name.toLowerCase(), value]))
    expect(names).toMatchObject({ api_key: 'one', 'x.dotted': 'two', 'x-forwarded-for': '127.0.0.1' })
    expect(names).not.toHaveProperty('x_forwarded_for')
    expect(names).not.toHaveProperty('content_length')
  })

  it.each(Object.keys(sizes) as (keyof typeof sizes)[])('[request-headers] takes %s', (name) => {
    expect(to(name).status).toBe(200)
  })

  it('[request-headers] refuses more, without asking the app', () => {
    expect(to('too large a cookie').status).toBe(400)
    expect(seen('/size/too-large')).toEqual([])
    expect(visited.log.join('\n')).toMatch(/path="<BADREQ>" status=400 .* ended=PR /)
  })

  it('[answer-headers] takes 30 kB, and 180 of them', () => {
    expect(to('large answer')).toMatchObject({ status: 200, body: 'done' })
    expect(to('large answer').headers.filter(([name]) => /^x-l-/i.test(name))).toHaveLength(3)
    expect(to('answer of many headers').status).toBe(200)
  })

  it('[answer-headers] answers 502 to more, asks once, and logs why', () => {
    expect(to('too large an answer').status).toBe(502)
    expect(seen('/large/60')).toHaveLength(1)
    expect(visited.log.join('\n')).toMatch(
      /path="\/large\/60\/4" status=502 .* why=the-answer-is-no-HTTP-or-its-headers-exceed-32-kB /,
    )
  })

  it('[set-cookie] keeps cookies in their order', () => {
    expect(
      to('cookies')
        .headers.filter(([name]) => /^set-cookie$/i.test(name))
        .map(([, value]) => value),
    ).toEqual(['b=2', 'a=1', 'b=3'])
  })

  it('[target] passes the target on as it was sent', () => {
    for (const target of targets)
      expect(
        seen(target).map((one) => one.target),
        target,
      ).toContain(target)
    expect(seen('/absolute')[0]?.target).toBe('/absolute?x')
  })

  it.each(Object.entries(redirects))('[folders] leads from %s to %s', (from, target) => {
    expect([to(from as keyof typeof visits).status, to(from as keyof typeof visits).header('location')]).toEqual([
      301,
      target,
    ])
  })

  it('[broken-escapes] refuses them', () => {
    expect([to('bad escape').status, to('null').status]).toEqual([400, 400])
  })

  it('[methods] passes any method on, with its body', () => {
    expect(
      seen('/method/')
        .map(({ method, start }) => `${method} ${start}`)
        .toSorted(),
    ).toEqual(methods.map((method) => `${method} body`).toSorted())
  })

  it('[head] answers HEAD without a body, with the length of it', () => {
    expect(to('head')).toMatchObject({ status: 200, body: '' })
    expect(to('head').header('content-length')).toBe('5500')
  })

  it('[request-bodies] passes bodies on whole, with their length', () => {
    const bodies = Object.fromEntries(seen('/body/').map(({ target, bytes }) => [target, bytes]))
    expect(bodies).toEqual({
      '/body/none': 0,
      '/body/empty': 0,
      '/body/chunked': 11,
      '/body/expect': 5,
      '/body/upload': 3_000_000,
      '/body/trailers': 1,
    })
    const [chunked] = seen('/body/chunked')
    expect(Object.fromEntries(chunked!.headers.map(([name, value]) => [name.toLowerCase(), value]))).toMatchObject({
      'content-length': '11',
    })
  })

  it('[expect] says 100 before a body that waits for it', () => {
    expect(to('expect')).toMatchObject({ interim: [100], status: 200 })
  })

  it('[uploads] refuses a body above uploadLimit before it is sent', () => {
    expect(to('too large an upload').status).toBe(413)
    expect(to('too large an upload').ended).toBeLessThan(2000)
    expect(seen('/body/too-large')).toEqual([])
  })

  it('[pipelining] answers requests that come together, in their order', () => {
    expect(to('pipelined').raw.match(/"target": "[^"]*"/g)).toEqual(['"target": "/pipe/one"', '"target": "/pipe/two"'])
  })

  it.each(['hint 100', 'hints 102', 'hints 103', 'hint, then chunks'] as const)(
    '[interim-answers] is not held up by one: %s',
    (name) => {
      expect(to(name)).toMatchObject({ interim: [], status: 200, isWhole: true })
      expect(to(name).raw).toContain('done')
      expect(to(name).ended).toBeLessThan(1500)
    },
  )

  it('[interim-answers] takes nothing of a body for one', () => {
    expect(to('hint, then chunks').body).toBe('HTTP/1.1 103 no hintdone')
  })

  it('[no-content] passes on answers without a body', () => {
    expect(to('nothing')).toMatchObject({ status: 204, body: '' })
    expect(to('same')).toMatchObject({ status: 304, body: '' })
    expect(to('same').header('etag')).toBe('"v1"')
  })

  it('[compression] compresses what is worth it, and says so', () => {
    expect(gunzipSync(Buffer.from(to('page').body, 'latin1')).toString()).toBe('<p>page</p>'.repeat(500))
    expect([to('page').header('content-encoding'), to('page').header('etag')]).toEqual(['gzip', 'W/"v1"'])
    expect(to('page').header('vary')).toContain('Accept-Encoding')
  })

  it.each(['html', 'plain stream', 'events'] as const)('[streaming] sends each piece at once: %s', (name) => {
    const { raw, began, ended } = to(name)
    expect(began).toBeLessThan(900)
    expect(ended - began).toBeGreaterThan(900)
    const body = raw.slice(raw.indexOf('\r\n\r\n') + 4)
    // The first piece is there before the second one was written.
    expect(to(name).at(body.slice(0, 8)) - began).toBeLessThan(400)
    expect(to(name).isWhole).toBe(true)
  })

  it('[silence] ends a stream that is silent for longer than requestTimeout, but no stream of events', () => {
    expect(to('silent stream')).toMatchObject({ status: 200, body: 'first\n', isWhole: false })
    expect(to('silent events')).toMatchObject({ status: 200, body: 'first\nlast\n', isWhole: true })
  })

  it.each(['cut', 'cut in chunks', 'cut, compressed'] as const)(
    '[cut] shows visitors that an answer is not whole: %s',
    (name) => {
      expect(to(name)).toMatchObject({ status: 200, isWhole: false })
    },
  )

  it('[until-closed] passes on an answer that ends with its connection', () => {
    expect(to('until closed')).toMatchObject({ status: 200, body: 'until the end', isWhole: true })
  })

  it('[ranges] answers parts of files, and passes on those of the app', () => {
    expect(to('part')).toMatchObject({ status: 206, body: 'part' })
    expect(to('part of a file')).toMatchObject({ status: 206, body: 'cde' })
    expect(to('no such part').status).toBe(416)
    expect(to('file').header('etag')).toMatch(/^"/)
  })

  it('[trailers] does not pass trailers on', () => {
    expect(to('trailers')).toMatchObject({ status: 200, body: 'frame', trailers: [] })
    expect(seen('/body/trailers')[0]?.trailers).toEqual([])
  })

  it('[websockets] switches to WebSocket, and looks at nothing after that', () => {
    expect(to('socket').status).toBe(101)
    expect(to('socket').raw).toMatch(/HTTP\/1\.1 103 as it is\r\n\r\n$/)
    expect(seen('/switch')).toHaveLength(1)
  })

  it.each([500, 502, 503, 504] as const)('[own-errors] passes on %s of the app, and asks once', (status) => {
    expect(to(`says ${status}` as keyof typeof visits)).toMatchObject({ status, body: `the app says ${status}` })
    expect(seen(`/says/${status}`)).toHaveLength(1)
  })

  it('[lost] asks once more where HTTP allows it, when the app ended without an answer', () => {
    expect([to('lost').status, to('lost write').status]).toEqual([502, 502])
    expect(seen('/lost/read')).toHaveLength(2)
    expect(seen('/lost/write')).toHaveLength(1)
    expect(visited.log.join('\n')).toMatch(/path="\/lost\/read" status=502 .* why=the-server-ended-without-an-answer /)
  })

  it('[no-http] asks once when the answer is no HTTP', () => {
    expect(to('junk').status).toBe(502)
    expect(seen('/junk')).toHaveLength(1)
  })

  it('[late] answers 504 when the app takes too long, and asks once', () => {
    expect([to('late').status, to('late in HTML').status]).toEqual([504, 504])
    expect(seen('/late/')).toHaveLength(2)
  })

  it.each([
    ['bad escape', 400],
    ['too large an upload', 413],
    ['too large an answer', 502],
    ['lost', 502],
    ['late', 504],
  ] as const)('[errors] are JSON for who asks for it: %s', (name, status) => expectJson(to(name), status))

  it.each([
    ['null', 400],
    ['too large an upload in HTML', 413],
    ['lost write', 502],
    ['junk', 502],
    ['late in HTML', 504],
  ] as const)('[errors] are a page for everybody else: %s', (name, status) => expectPage(to(name), status))

  it('[errors] are what the visitor prefers', () => {
    for (const name of ['JSON by weight', 'JSON first, then all', 'a kind of JSON'] as const) expectJson(to(name), 400)
    for (const name of ['browser', 'anything'] as const) expectPage(to(name), 400)
  })

  it('[errors] are the same without an app, above a limit, and for maintenance', async () => {
    const { declared } = five
    const limited = {
      ...five,
      declared: { ...declared, balancer: { ...declared.balancer, rateLimit: { requests: 2, per: 60, exempt: [] } } },
    }
    const later = (visit: Visit): Visit => ({ send: ['', ...visit.send], pause: 1 })
    const refused = await visitChain(
      {
        json: { ...get('/x', json), seconds: 12 },
        html: { ...get('/x'), seconds: 12 },
        'json, too often': later(get('/x', json)),
        'html, too often': later(get('/x')),
      },
      limited,
      { isAppUp: false },
    )
    expectJson(refused.answers['json']!, 503)
    expectPage(refused.answers['html']!, 503)
    expectJson(refused.answers['json, too often']!, 429)
    expectPage(refused.answers['html, too often']!, 429)
    const closed = await visitChain({ json: get('/x', json), html: get('/x') }, five, {
      stackState: { maintenance: { allow: [] } },
    })
    expectJson(closed.answers['json']!, 503)
    expectPage(closed.answers['html']!, 503)
    expect(closed.answers['json']!.body).toContain('maintenance')
  })
})

function expectJson(answer: Answer, status: number): void {
  const { error } = JSON.parse(answer.body) as { error: Record<string, unknown> }
  expect(error).toEqual({ status, message: expect.stringMatching(/\.$/), requestId: answer.header('x-request-id') })
  expect([answer.status, answer.header('content-type'), answer.header('cache-control')]).toEqual([
    status,
    'application/json',
    'no-store',
  ])
}

function expectPage(answer: Answer, status: number): void {
  expect([answer.status, answer.header('content-type'), answer.header('cache-control')]).toEqual([
    status,
    'text/html; charset=utf-8',
    'no-store',
  ])
  expect(answer.body).toMatch(/^<!doctype html>/)
  expect(answer.body).toContain(`<code>${answer.header('x-request-id')}</code>`)
}

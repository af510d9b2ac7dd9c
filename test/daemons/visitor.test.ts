import { beforeAll, describe, expect, it } from 'vitest'
import { claimedHeaders, identityHeaders } from '../../src/components/claimed-headers.ts'
import type { Component, RenderContext } from '../../src/components/component.ts'
import { haproxy } from '../../src/components/haproxy/index.ts'
import { components } from '../../src/components/index.ts'
import { nginx } from '../../src/components/nginx/index.ts'
import { busyServers, contextFor } from '../../src/components/testing/stacks.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { hasStockedImage, inImage } from './in-image.ts'

/**
 * What the app is told of a visitor, by a balancer's HAProxy and a web server's nginx as they are configured. Only the sidecar
 * is not there: in its place the app itself tells what it got.
 */

interface Request {
  /** The address that it is sent from; 127.0.0.1 unless stated. */
  readonly from?: string
  readonly send: string
}

interface Answer {
  /** The answer's first line. */
  readonly status: string
  /** What the app got: a request line and headers for each request. */
  readonly got: readonly { readonly line: string; readonly headers: Readonly<Record<string, string>> }[]
}

const busy = busyServers(components)
const { rateLimit: _, ...balancer } = busy.declared.balancer
const stackWith = (more: Partial<Stack['declared']['balancer']>): Stack => ({
  ...busy,
  declared: { ...busy.declared, balancer: { ...balancer, trustedProxies: [], proxyProtocol: false, ...more } },
})
const proxies = ['10.9.0.0/16']

const get = (headers: readonly string[] = [], path = '/who'): string =>
  [`GET ${path} HTTP/1.1`, 'Host: www.example.com', 'Connection: close', ...headers, '', ''].join('\r\n')
const proxied = (...headers: readonly string[]): Request => ({ from: '10.9.0.1', send: get(headers) })

describe.skipIf(!hasStockedImage())('what the app is told of a visitor', () => {
  describe('who comes by himself', () => {
    const claims = [...claimedHeaders, ...identityHeaders].map((name) => name.replace('*', 'anything'))
    const forged = claims.flatMap((name) => [`${name}: 6.6.6.6`, `${name.replaceAll('-', '_')}: 6.6.6.6`])
    const paths = ['/api', '/api/x', '//api/x', '/%61pi/x', '/x/../api/y', '/./api/y', '/api%2fx', '/%2fapi', '/api/']
    const others = ['/apis', '/API/x', '/api;p/x', '/x/api', '/api../x', '/x?/api']
    const requests = {
      plain: { send: get() },
      // HAProxy takes a hundred headers at a time.
      forged: { send: get(forged.slice(0, 80)) },
      forgedToo: { send: get(forged.slice(80, 160)) },
      forgedAtLast: { send: get(forged.slice(160)) },
      twice: {
        send: get(['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 7.7.7.7', 'Forwarded: for=6.6.6.6;proto=https']),
      },
      capitals: { send: get(['X-FORWARDED-SSL: on', 'FORWARDED: proto=https', 'x-original-url: /admin']) },
      h2c: {
        send: get(['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA', 'Connection: Upgrade, HTTP2-Settings']),
      },
      webSocket: {
        send: get([
          'Upgrade: WebSocket',
          'Connection: Upgrade',
          'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==',
          'Sec-WebSocket-Version: 13',
        ]),
      },
      preface: { send: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0' },
      proxyProtocol: { send: `PROXY TCP4 6.6.6.6 198.18.0.10 1 443\r\n${get()}` },
      ...Object.fromEntries([...paths, ...others].map((path) => [path, { send: get([], path) }])),
    } satisfies Readonly<Record<string, Request>>
    let answers: Readonly<Record<string, Answer>>
    beforeAll(async () => {
      answers = await ask(requests, stackWith({}))
    })

    it('is who the connection is from, whatever he says', () => {
      const { 'x-request-id': _id, 'user-agent': _agent, ...plain } = headersOf(answers['plain'])
      expect(plain).toEqual({
        host: 'www.example.com',
        'x-forwarded-for': '127.0.0.1',
        'x-real-ip': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': 'www.example.com',
        'x-trimaran-balancer': 'lb-1',
        'x-trimaran-web': 'web-1',
      })
      expect(forged.length).toBeLessThan(240)
      for (const name of ['forged', 'forgedToo', 'forgedAtLast', 'twice', 'capitals', 'h2c']) {
        const { 'x-request-id': _ignored, ...told } = headersOf(answers[name])
        expect(told, name).toEqual(plain)
      }
    })

    it('speaks HTTP/1, and leaves it for a WebSocket alone', () => {
      expect(headersOf(answers['webSocket'])['upgrade']).toBe('websocket')
      expect(answers['preface']).toEqual({ status: 'HTTP/1.1 400 Bad request', got: [] })
      expect(answers['proxyProtocol']).toEqual({ status: 'HTTP/1.1 400 Bad request', got: [] })
    })

    it('finds a process by what the path means, not by how it is written', () => {
      for (const path of paths) expect(headersOf(answers[path])['x-trimaran-process'], path).toBe('app-api')
      for (const path of others) expect(headersOf(answers[path])['x-trimaran-process'], path).toBeUndefined()
    })
  })

  describe('who comes through a proxy of the config', () => {
    const many = Array.from({ length: 9 }, (_one, index) => `10.9.1.${index}`).join(', ')
    const requests = {
      told: proxied(
        'X-Forwarded-For: 6.6.6.6, 203.0.113.7',
        'X-Forwarded-Proto: HTTPS',
        'X-Forwarded-Host: example.net',
        'X-Forwarded-Port: 8443',
        'X-Forwarded-Ssl: on',
        'Remote-User: ada',
        'X-Forwarded-Email: ada@example.com',
      ),
      twoLines: proxied('X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 203.0.113.7'),
      twoProxies: proxied('X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.9.3.3'),
      noAddress: proxied('X-Forwarded-For: 203.0.113.7, unknown'),
      nothing: proxied(),
      ipv6: proxied('X-Forwarded-For: 2001:db8::7'),
      withPort: proxied('X-Forwarded-For: 203.0.113.7:4711'),
      proxiesAlone: proxied(`X-Forwarded-For: ${many}`),
      oddHost: proxied('X-Forwarded-Host: evil"<x>', 'X-Forwarded-Port: 80x', 'X-Forwarded-Proto: https, http'),
      stranger: { send: get(['X-Forwarded-For: 203.0.113.7', 'X-Forwarded-Proto: https', 'Remote-User: ada']) },
    }
    let answers: Readonly<Record<keyof typeof requests, Answer>>
    beforeAll(async () => {
      answers = await ask(requests, stackWith({ trustedProxies: proxies }))
    })
    const visitor = (name: keyof typeof requests): string => headersOf(answers[name])['x-forwarded-for'] ?? 'nobody'

    it('is whom that proxy names, and came as it says', () => {
      expect(headersOf(answers.told)).toMatchObject({
        'x-forwarded-for': '203.0.113.7',
        'x-real-ip': '203.0.113.7',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'example.net',
        'x-forwarded-port': '8443',
        'remote-user': 'ada',
        'x-forwarded-email': 'ada@example.com',
      })
      expect(headersOf(answers.told)['x-forwarded-ssl']).toBeUndefined()
    })

    it('is the rightmost address that is no proxy’s', () => {
      expect(visitor('twoLines')).toBe('203.0.113.7')
      expect(visitor('twoProxies')).toBe('203.0.113.7')
      expect(visitor('withPort')).toBe('203.0.113.7')
      expect(visitor('ipv6')).toBe('2001:db8::7')
    })

    it('is the proxy where it names nobody', () => {
      expect(visitor('noAddress')).toBe('10.9.0.1')
      expect(visitor('nothing')).toBe('10.9.0.1')
      expect(visitor('proxiesAlone')).toMatch(/^10\.9\.1\.\d$/)
      expect(headersOf(answers.oddHost)).toMatchObject({
        'x-forwarded-host': 'www.example.com',
        'x-forwarded-proto': 'http',
      })
      expect(headersOf(answers.oddHost)['x-forwarded-port']).toBeUndefined()
    })

    it('is nobody else’s to say', () => {
      expect(headersOf(answers.stranger)).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' })
      expect(headersOf(answers.stranger)['remote-user']).toBeUndefined()
    })
  })

  it('is told by the PROXY protocol of such proxies', async () => {
    const head = 'PROXY TCP4 203.0.113.7 198.18.0.10 4711'
    const requests = {
      clear: {
        from: '10.9.0.1',
        send: `${head} 80\r\n${get(['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-Proto: https'])}`,
      },
      tls: { from: '10.9.0.1', send: `${head} 443\r\n${get()}` },
      chain: {
        from: '10.9.0.1',
        send: `PROXY TCP4 10.9.0.2 198.18.0.10 1 443\r\n${get(['X-Forwarded-For: 203.0.113.9'])}`,
      },
      without: { from: '10.9.0.1', send: get() },
      stranger: { send: `${head} 443\r\n${get()}` },
      direct: { send: get() },
    }
    const answers = await ask(requests, stackWith({ trustedProxies: proxies, proxyProtocol: true }))
    expect(headersOf(answers.clear)).toMatchObject({ 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' })
    expect(headersOf(answers.tls)).toMatchObject({ 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' })
    expect(headersOf(answers.chain)).toMatchObject({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' })
    expect(answers.without.got).toEqual([])
    expect(answers.stranger.got).toEqual([])
    expect(headersOf(answers.direct)['x-forwarded-for']).toBe('127.0.0.1')
  })

  it('counts, lets in and refuses by the address that is true', async () => {
    const stack = stackWith({ trustedProxies: proxies, rateLimit: { requests: 2, per: 60, exempt: [] } })
    const from = (address: string): Request => proxied(`X-Forwarded-For: 6.6.6.6, ${address}`)
    const requests = {
      one: from('2001:db8:0:1::1'),
      two: from('2001:db8:0:1::2'),
      three: from('2001:db8:0:1:ffff::3'),
      neighbour: from('2001:db8:0:2::1'),
      other: from('203.0.113.8'),
      otherAgain: from('203.0.113.8'),
      otherOften: from('203.0.113.8'),
      third: from('203.0.113.9'),
    }
    const answers = await ask(requests, stack)
    expect(Object.values(answers).map(({ status }) => status.split(' ')[1])).toEqual([
      '200',
      '200',
      '429',
      '200',
      '200',
      '200',
      '429',
      '200',
    ])
    const closed = { maintenance: { allow: ['203.0.113.8'] } }
    const seen = await ask(
      { in: from('203.0.113.8'), out: from('203.0.113.9'), forged: { send: get(['X-Forwarded-For: 203.0.113.8']) } },
      stackWith({ trustedProxies: proxies }),
      closed,
    )
    expect(Object.values(seen).map(({ status }) => status.split(' ')[1])).toEqual(['200', '503', '503'])
  })

  it('is one request where it could be read as two', async () => {
    const post = (...lines: readonly string[]): string =>
      ['POST /first HTTP/1.1', 'Host: www.example.com', ...lines].join('\r\n')
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: www.example.com\r\n\r\n'
    const requests = {
      'length and chunks': { send: post('Content-Length: 4', 'Transfer-Encoding: chunked', '', `0\r\n\r\n${hidden}`) },
      'chunks and length': {
        send: post('Transfer-Encoding: chunked', `Content-Length: ${hidden.length + 5}`, '', `0\r\n\r\n${hidden}`),
      },
      'two lengths': { send: post('Content-Length: 0', `Content-Length: ${hidden.length}`, '', hidden) },
      'odd coding': { send: post(`Content-Length: ${hidden.length}`, 'Transfer-Encoding: xchunked', '', hidden) },
      'blank before colon': {
        send: post('Transfer-Encoding : chunked', `Content-Length: ${hidden.length}`, '', hidden),
      },
      'folded line': {
        send: post('X-Folded: a', ' Transfer-Encoding: chunked', `Content-Length: ${hidden.length}`, '', hidden),
      },
      'bare line feeds': {
        send: post(`Content-Length: ${hidden.length}`, 'X: y\nTransfer-Encoding: chunked', '', hidden),
      },
      'negative length': { send: post('Content-Length: -1', '', hidden) },
      'null in a name': { send: post('X\0: y', `Content-Length: ${hidden.length}`, '', hidden) },
    }
    const answers = await ask(requests, stackWith({}))
    const refused: Answer = { status: 'HTTP/1.1 400 Bad request', got: [] }
    const { 'length and chunks': first, 'chunks and length': second, 'folded line': folded, ...others } = answers
    // What was hidden went with the connection, which HAProxy closes where lengths contradict each other; or it is body.
    for (const { got } of [first, second, folded]) expect(got.map(({ line }) => line)).toEqual(['POST /first'])
    expect(headersOf(folded)['transfer-encoding']).toBeUndefined()
    for (const [name, answer] of Object.entries(others)) expect(answer, name).toEqual(refused)
  })
})

const headersOf = (answer: Answer | undefined): Readonly<Record<string, string>> => {
  if (answer?.got[0] === undefined) throw new Error(`the app got nothing: ${JSON.stringify(answer)}`)
  return answer.got[0].headers
}

async function ask<Name extends string>(
  requests: Readonly<Record<Name, Request>>,
  stack: Stack,
  stackState: Partial<RenderContext['stackState']> = {},
): Promise<Readonly<Record<Name, Answer>>> {
  const contentOf = (component: Pick<Component, 'render'>, server: string): Readonly<Record<string, string>> => {
    const context = contextFor(stack, server)
    const resources = component.render({ ...context, stackState: { ...context.stackState, ...stackState } })
    return Object.fromEntries(resources.flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])))
  }
  const atHome = (text: string): string =>
    text
      .replaceAll('198.18.0.31:80', '127.0.0.31:81')
      .replaceAll('198.18.0.32:80', '127.0.0.31:81')
      .replaceAll('198.18.0.11', '127.0.0.31')
      .replaceAll('198.18.0.12', '127.0.0.12')
      .replaceAll('listen 80 ', 'listen 127.0.0.31:81 ')
      .replaceAll('http://127.0.0.1:8404/alive', 'http://app')
  const files = Object.fromEntries(
    Object.entries({ ...contentOf(nginx, 'web-1'), ...contentOf(haproxy, 'lb-1') }).map(([path, text]) => [
      path,
      atHome(text),
    ]),
  )
  const { output } = await inImage(script, {
    ...files,
    '/srv/web/current/index.html': '',
    '/app.py': app,
    '/ask.py': asker,
    '/requests.json': JSON.stringify(requests),
  })
  const told = output.split('\n').find((line) => line.startsWith('{"'))
  if (told === undefined) throw new Error(output)
  return JSON.parse(told) as Readonly<Record<Name, Answer>>
}

const script = `
ip link set lo up
ip address add 127.0.0.31 dev lo 2>/dev/null; ip address add 127.0.0.12 dev lo 2>/dev/null; ip address add 10.9.0.1/32 dev lo
mkdir -p /run/haproxy
python3 /app.py & app=$!
until [ -S /run/haproxy/app.sock ]; do sleep 0.1; done
nginx
haproxy -W -D -f /etc/haproxy/haproxy.cfg -L lb-1 >/dev/null 2>&1
for i in $(seq 50); do curl -fsS -m 1 -o /dev/null http://127.0.0.1:8404/alive && break; sleep 0.1; done 2>/dev/null
sleep 1.2
python3 /ask.py
nginx -s stop 2>/dev/null; kill $app $(pidof haproxy) 2>/dev/null; true
`

/** Stands where the sidecar's socket is, and remembers what arrives. */
const app = `
import http.server, json, os, socketserver
got = []
class App(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def answer(self):
        self.rfile.read(int(self.headers.get('Content-Length') or 0))
        if self.path == '/got': body = json.dumps(got).encode(); got.clear()
        else:
            headers = {}
            for name, value in self.headers.items(): headers[name.lower()] = headers[name.lower()] + ' and ' + value if name.lower() in headers else value
            headers.pop('connection', None); headers.pop('content-length', None)
            if self.path != '/alive' and self.path != '/_trimaran/alive': got.append({'line': self.command + ' ' + self.path, 'headers': headers})
            body = b'ok'
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = answer
    def address_string(self): return 'nginx'
    def log_message(self, *words): pass
server = socketserver.ThreadingUnixStreamServer('/run/haproxy/app.sock', App)
os.chmod('/run/haproxy/app.sock', 0o666)
server.serve_forever()
`

/** Sends each request as it is, waits until the answer is there, and asks the app what it got of it. */
const asker = `
import json, socket
def say(where, data, source=None):
    s = socket.socket(socket.AF_UNIX if isinstance(where, str) else socket.AF_INET)
    s.settimeout(0.7)
    if source: s.bind((source, 0))
    s.connect(where)
    answer = b''
    try:
        s.sendall(data)
        while True:
            more = s.recv(65536)
            if not more: break
            answer += more
    except OSError: pass
    s.close()
    return answer.decode('latin-1')
def got(): return json.loads(say('/run/haproxy/app.sock', b'GET /got HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n').split('\\r\\n\\r\\n', 1)[1])
answers = {}
got()
for name, one in json.load(open('/requests.json')).items():
    said = say(('127.0.0.1', 80), one['send'].encode('latin-1'), one.get('from'))
    answers[name] = {'status': said.split('\\r\\n')[0], 'got': got()}
print(json.dumps(answers))
`

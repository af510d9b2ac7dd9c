import { beforeAll, describe, expect, it } from 'vitest'
import { claimedHeaders, identityHeaders } from '../../src/components/claimed-headers.ts'
import { components } from '../../src/components/index.ts'
import { busyServers } from '../../src/components/testing/stacks.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { hasStockedImage } from './in-image.ts'
import { type Answer, ask, headersOf, type Request } from './visitor/visit.ts'

/**
 * What the app is told of a visitor, by a balancer's HAProxy and a web server's nginx as they are configured. Only the sidecar
 * is not there: in its place the app itself tells what it got.
 */

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
      expect(answers['preface']).toEqual({ status: 'HTTP/1.1 400 Bad Request', got: [] })
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

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { lostWrites } from './lost-writes.ts'
import type { LoadReport } from './report.ts'
import { startLoad } from './start-load.ts'

const rate = 200
let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A guestbook that lives on loopback, and for each request may be told to misbehave. */
async function listen(misbehave: (request: IncomingMessage, response: ServerResponse, number: number) => boolean) {
  let number = 0
  const kept: string[] = []
  server = createServer(async (request, response) => {
    number += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (misbehave(request, response, number)) return
    if (request.method === 'POST') {
      const { message } = JSON.parse(Buffer.concat(chunks).toString()) as { message: string }
      kept.push(message)
      response.writeHead(201).end(JSON.stringify({ id: number, message }))
    } else response.end(pages[request.url!])
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server!.once('listening', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, kept }
}

const pages: Readonly<Record<string, string>> = {
  '/api/where': '{"app":"app-1","database":"db-1","requestId":"1"}',
  '/api/entries': '{"entries":[]}',
  '/favicon.svg': '<svg></svg>',
  '/': '<html><h1>Guestbook</h1></html>\n',
}

async function loadFor(url: string, requests: number, deadlineMilliseconds = 15_000): Promise<LoadReport> {
  const { ended } = await startLoad({ url, rate, seconds: requests / rate, deadlineMilliseconds })
  return ended
}

const isReused = (): ((request: IncomingMessage) => boolean) => {
  const seen = new WeakSet<Socket>()
  return ({ socket }) => seen.has(socket) || !seen.add(socket)
}

// Again where the machine was busy with something else: the load's own clock is part of what is tested.
describe('the load', { retry: 2 }, () => {
  it('asks for everything over both kinds of connection, a fifth of it writes, and is content with a sound site', async () => {
    const asked: string[] = []
    const isSecond = isReused()
    const { url, kept } = await listen((request) => {
      asked.push(`${request.method} ${request.url}`)
      isSecond(request)
      return false
    })
    const report = await loadFor(url, 200)
    expect(report, report.sentence).toMatchObject({ sent: 200, failed: 0, wrong: 0, resent: 0, troubles: [] })
    expect(new Set(asked)).toEqual(new Set(['POST /api/entries', ...Object.keys(pages).map((path) => `GET ${path}`)]))
    expect(report.acknowledged.toSorted()).toEqual(kept.toSorted())
    expect(kept.length).toBe(40)
    expect(report.byApp).toEqual({ 'app-1': 40 })
    expect(report.milliseconds.p50).toBeLessThanOrEqual(report.milliseconds.p99)
    expect(report.sentence).toMatch(
      /^200 requests in .* s: 0 failed, 0 wrong, 0 resent; p50 .*; 40 writes acknowledged/,
    )
  })

  it('runs until it is told to stop', async () => {
    const { url } = await listen(() => false)
    const load = await startLoad({ url, rate })
    await sleep(1000)
    const report = await load.stop()
    expect(report.failed + report.wrong, report.sentence).toBe(0)
    expect(report.sent).toBeGreaterThan(0)
    expect(await load.stop()).toBe(report)
  })

  it('counts what fails, and says how', async () => {
    const { url } = await listen((request, response, number) => {
      if (number === 10) response.writeHead(503).end('no server is available')
      if (number === 20) request.socket.destroy()
      return number === 10 || number === 20
    })
    const report = await loadFor(url, 60)
    expect(report.failed + report.resent, report.sentence).toBe(2)
    const refused = report.troubles.find(({ why }) => why.startsWith('503'))
    expect(refused).toMatchObject({ kind: 'failed', why: '503 no server is available' })
    expect(report.sentence).toContain('503 no server is available')
  })

  it.each([
    ['a part of an answer', '{"entries":['],
    ['another page in its place', '<html>Welcome to nginx!</html>'],
  ])('is not content with %s', async (_, body) => {
    const { url } = await listen((request, response) => {
      if (request.url !== '/api/entries' || request.method !== 'GET') return false
      response.end(body)
      return true
    })
    const report = await loadFor(url, 40)
    expect(report).toMatchObject({ sent: 40, failed: 0, wrong: 8 })
    expect(report.troubles[0]).toMatchObject({ kind: 'wrong', method: 'GET', path: '/api/entries' })
  })

  it('sends again, once, what went to a kept connection that ends, and counts it apart', async () => {
    const isSecond = isReused()
    const { url, kept } = await listen((request) => {
      if (!isSecond(request)) return false
      request.socket.destroy()
      return true
    })
    const report = await loadFor(url, 100)
    expect(report, report.sentence).toMatchObject({ sent: 100, failed: 0, wrong: 0 })
    expect(report.resent).toBeGreaterThan(10)
    expect(report.troubles.every(({ connection, kind }) => kind === 'resent' && connection === 'kept')).toBe(true)
    expect(report.acknowledged.length).toBe(kept.length)
  })

  it('does not send again what fails on a fresh connection', async () => {
    const { url } = await listen((request) => {
      request.socket.destroy()
      return true
    })
    const report = await loadFor(url, 40)
    expect(report).toMatchObject({ sent: 40, failed: 40, resent: 0 })
    expect(new Set(report.troubles.map(({ why }) => why))).toEqual(new Set(['ECONNRESET']))
  })

  it('goes on sending while nobody answers, and measures the gap', async () => {
    const { url } = await listen((request, response, number) => {
      if (number < 40) return false
      setTimeout(() => response.end(pages[request.url!]), 700)
      return request.method === 'GET'
    })
    const report = await loadFor(url, 48)
    expect(report.sent).toBe(48)
    expect(report.milliseconds.slowest).toBeGreaterThan(600)
    expect(report.longestGap).toBeGreaterThan(300)
  })

  it('gives up on a request after its deadline', async () => {
    const { url } = await listen((_, __, number) => number === 5)
    const report = await loadFor(url, 20, 1000)
    expect(report.sent).toBe(20)
    expect(report.failed, report.sentence).toBeGreaterThan(0) // more, on a machine that is busy with something else
    expect(report.troubles[0]).toMatchObject({ why: 'ETIMEDOUT' })
  })

  it('finds the writes that were acknowledged and are gone', async () => {
    const report = { run: 'load-1', acknowledged: ['load-1-4', 'load-1-9', 'load-1-14'] }
    const trimaran = () => Promise.resolve({ code: 0, stdout: 'load-1-4\nload-1-14\n', stderr: '', milliseconds: 1 })
    expect(await lostWrites({ trimaran }, report)).toEqual(['load-1-9'])
  })
})

import { get } from 'node:http'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatusReport } from '../../../src/status/summarise.ts'
import { startLoad } from '../support/load/start-load.ts'
import { differencesFromLinks } from '../support/open-ports.ts'
import { makeProject, type Project } from '../support/project.ts'
import { runProgram } from '../support/run-program.ts'

/** What visitors get while operators close the site, or shape its traffic; one stack, and the steps build on one another. */
describe('the traffic of a stack', () => {
  let project: Project
  let url: string
  /** This computer, as the balancers see it. */
  let visitor: string

  beforeAll(async () => {
    project = await makeProject('ttraffic')
    await copyFile(join(import.meta.dirname, '..', 'support', 'live.js'), join(project.folder, 'live.js'))
    await project.edit(
      'servers: 1,\n    source',
      "servers: 2,\n    processes: { live: { start: 'node live.js', paths: ['/live'], health: '/live/up' } },\n    source",
    )
  })
  afterAll(async () => {
    await project.remove()
  })

  const change = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await project.trimaran(...words, '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    return stdout + stderr
  }
  const status = async (): Promise<{ code: number; report: StatusReport }> => {
    const { code, stdout } = await project.trimaran('status', '--lab', '--json')
    return { code, report: JSON.parse(stdout) as StatusReport }
  }
  const exec = async (server: string, script: string): Promise<string> =>
    (await project.trimaran('exec', server, '--lab', '--', script)).stdout.trim()
  /** An answer of the address, for a Host or other headers that `fetch` would not send. */
  const ask = async (path: string, ...words: readonly string[]): Promise<string> =>
    (await runProgram('curl', ['-si', '-m', '20', ...words, url + path]).ended).stdout.replaceAll('\r', '')
  /** Each on a connection of its own: one that was kept would end with the power of its balancer. */
  const statusesOf = async (addresses: readonly string[], times: number): Promise<readonly number[]> => {
    const statuses: number[] = []
    for (let turn = 0; turn < times; turn += 1)
      statuses.push(await statusOf(`http://${addresses[turn % addresses.length]}/live/who`))
    return statuses
  }

  it('comes up', async () => {
    url = /http:\/\/[\d.]+/.exec(await change('up'))![0]
    visitor = url.replace('http://', '').replace(/\d+$/, '1')
  })

  it('is closed to visitors, who get a page, and programs JSON', async () => {
    const told = await change('maintenance', 'on')
    expect(told).toContain('maintenance off --lab')
    expect(told).not.toMatch(/restart haproxy/)
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('60')
    expect(await page.text()).toContain('We will be back soon')
    const answer = await fetch(`${url}/api/entries`, { headers: { accept: 'application/json' } })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ error: 'maintenance', request_id: answer.headers.get('x-request-id') })
  })

  it('stays closed over `up`, and says so without an alarm', async () => {
    expect(await change('up')).toContain('visitors see the maintenance page')
    expect((await fetch(url)).status).toBe(503)
    const { code, report } = await status()
    expect({ code, state: report.state, maintenance: report.maintenance }).toEqual({
      code: 0,
      state: 'drained',
      maintenance: { allow: [] },
    })
    // keepalived asks HAProxy all the while, and the address stays where it is.
    expect(report.balancer.holders).toHaveLength(1)
  })

  it('lets some in, who notice nothing while it is opened and closed', async () => {
    await change('maintenance', 'on', '--allow', visitor)
    const running = await startLoad({ url, rate: 50 })
    await change('maintenance', 'off')
    await change('maintenance', 'on', '--allow', `203.0.113.7,${visitor}`)
    await change('maintenance', 'off')
    const report = await running.stop()
    expect(report, report.sentence).toMatchObject({ failed: 0, wrong: 0 })
  })

  it('names a balancer that was unreachable when it was closed, and tells it with the next `up`', async () => {
    const { holder } = (await status()).report.balancer
    const away = holder === 'lb-1' ? 'lb-2' : 'lb-1'
    await project.trimaran('lab', 'power-off', away)
    expect(await change('maintenance', 'on', '--allow', '203.0.113.7')).toContain(`${away} does not know of it yet`)
    await project.trimaran('lab', 'power-on', away)
    const { code, report } = await status()
    expect(code).toBe(4)
    expect(report.servers.find(({ name }) => name === away)?.note).toContain('shows visitors the site')
    await change('up')
    expect((await status()).code).toBe(0)
    await change('maintenance', 'off')
  })

  it('refuses addresses that are none, and changes nothing', async () => {
    const { code, stderr } = await project.trimaran('maintenance', 'on', '--lab', '--yes', '--allow', '10.0.0.5/8')
    expect(code).toBe(2)
    expect(stderr).toContain("write '10.0.0.0/8'")
    expect((await fetch(url)).status).toBe(200)
  })

  it('takes settings about traffic by reloads alone, over which a WebSocket and a stream go on', async () => {
    const socket = await openSocket(url)
    const stream = await openStream(url)
    await mkdir(join(project.folder, 'pages'))
    await writeFile(join(project.folder, 'pages', 'large.html'), '<h1>too large, 100 %</h1>{{request_id}}')
    await project.edit(
      'balancer: { servers: 2 }',
      `balancer: { servers: 2, domains: ['www.example.com', 'example.com'],\n    rateLimit: { requests: 40, per: 60, exempt: ['${visitor}'] } },\n  pages: { 413: 'pages/large.html' }`,
    )
    await project.edit("paths: ['/live']", "paths: ['/live'], concurrency: 2")
    await project.edit('    source', '    sticky: true,\n    queueTimeout: 2,\n    source')
    const { stdout } = await project.trimaran('plan', '--lab')
    expect(stdout).toContain('↻ haproxy: reload haproxy.service')
    // With a shared rate limit the balancers listen to each other, so a firewall starts on them; nothing else does.
    expect(stdout).not.toMatch(/↺ |▸ (?!firewall: )|app: /)
    await change('up')
    expect(await change('up')).toContain('nothing to do')
    expect(await socket.echo('after')).toMatch(/^app-[12]: after$/)
    expect(await stream.next()).toContain('data: ')
    socket.close()
    stream.close()
  })

  it('lets others reach what its links name, and nothing else', async () => {
    expect(await differencesFromLinks(project)).toEqual([])
  })

  it('leads other names of the site to the first one, and serves what it does not know', async () => {
    const led = await ask('/a%20b?c=d&e', '-H', 'Host: EXAMPLE.com:80', '-X', 'POST', '-d', 'x')
    expect(led).toContain('HTTP/1.1 308')
    expect(led).toContain('location: //www.example.com/a%20b?c=d&e\n')
    for (const host of ['www.example.com', 'other.example', '203.0.113.10'])
      expect(await ask('/live/who', '-H', `Host: ${host}`)).toContain('HTTP/1.1 200')
  })

  it('keeps a visitor at one app server, and at another one when that is gone', async () => {
    const cookie = /set-cookie: (app-live-server=(app-[12])); path=\/; HttpOnly; SameSite=Lax\n/.exec(
      await ask('/live/who'),
    )!
    const answering = async (): Promise<string> => {
      const { server } = (await (await fetch(`${url}/live/who`, { headers: { cookie: cookie[1]! } })).json()) as {
        server: string
      }
      return server
    }
    const answers = await Promise.all(Array.from({ length: 10 }, answering))
    expect(new Set(answers)).toEqual(new Set([cookie[2]]))
    const secure = 'curl -si -H "X-Forwarded-Proto: https" --unix-socket /run/haproxy/app.sock http://x/live/who'
    expect(await exec('web-1', secure)).toContain('HttpOnly; SameSite=Lax; Secure')
    await project.trimaran('lab', 'power-off', cookie[2]!)
    const other = cookie[2] === 'app-1' ? 'app-2' : 'app-1'
    expect(await answering()).toBe(other)
    await project.trimaran('lab', 'power-on', cookie[2]!)
    for (let second = 0; second < 60 && (await answering()) !== cookie[2]; second += 1) await sleep(1000)
    expect(await answering()).toBe(cookie[2])
  })

  it('lets requests wait for a free place, and for no longer than it says', async () => {
    const slow = async () => {
      const answer = await fetch(`${url}/live/slow?ms=400`)
      await answer.text()
      return { status: answer.status, retryAfter: answer.headers.get('retry-after') }
    }
    const few = await Promise.all(Array.from({ length: 8 }, slow))
    expect(few.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    const many = await Promise.all(Array.from({ length: 80 }, slow))
    expect(new Set(many.map(({ status, retryAfter }) => `${status} ${retryAfter}`))).toEqual(
      new Set(['200 null', '503 5']),
    )
  })

  it('refuses a body that is too large with a page of the user’s own', async () => {
    const large = await fetch(`${url}/api/entries`, { method: 'POST', body: new Uint8Array(21 * 1024 ** 2) })
    expect(large.status).toBe(413)
    expect(await large.text()).toBe(`<h1>too large, 100 %</h1>${large.headers.get('x-request-id')}`)
  })

  it('counts what an address sends over both balancers, over a reload, and over a move of the address', async () => {
    await project.edit(`exempt: ['${visitor}']`, "exempt: ['203.0.113.7']")
    await change('up')
    const { report } = await status()
    const own = report.servers.filter(({ tier }) => tier === 'balancer').map(({ address }) => address)
    // Some of the 40 were spent by `up` itself, which looks whether the site answers.
    const first = await statusesOf(own, 60)
    const passed = first.filter((one) => one === 200).length
    expect(passed).toBeGreaterThan(30)
    expect(passed).toBeLessThanOrEqual(40)
    expect(first.slice(-15)).toEqual(Array.from({ length: 15 }, () => 429))
    const { holder } = report.balancer
    await exec(holder!, 'systemctl reload haproxy')
    const reloaded = await statusesOf([new URL(url).host], 40)
    await project.trimaran('lab', 'power-off', holder!)
    await sleep(2000)
    const moved = await statusesOf([new URL(url).host], 40)
    // The time goes on meanwhile, and lets a part of the forty through: by far not all, as it would with empty tables.
    for (const statuses of [reloaded, moved]) expect(statuses.filter((one) => one === 429).length).toBeGreaterThan(5)
    const refused = await ask('/live/who', '-H', 'Accept: application/json')
    expect(refused).toContain('retry-after: 60')
    expect(refused).toContain('"status":429')
  })
})

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    }).on('error', reject)
  })
}

/** A WebSocket to the echo of `live.js`. */
async function openSocket(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live/socket`)
  const heard = (event: 'open' | 'message'): Promise<string> =>
    new Promise((resolve, reject) => {
      socket.addEventListener(event, (one) => resolve(String('data' in one ? one.data : '')), { once: true })
      socket.addEventListener('close', () => reject(new Error('the WebSocket was closed')), { once: true })
    })
  await heard('open')
  const echo = (text: string): Promise<string> => {
    const answer = heard('message')
    socket.send(text)
    return answer
  }
  return { echo, close: () => socket.close() }
}

/** The stream of events of `live.js`, one each second. */
async function openStream(url: string) {
  const answer = await fetch(`${url}/live/events`, { headers: { accept: 'text/event-stream' } })
  const reader = answer.body!.getReader()
  const next = async (): Promise<string> => {
    const { done, value } = await reader.read()
    if (done) throw new Error('the stream ended')
    return Buffer.from(value).toString()
  }
  await next()
  return { next, close: () => void reader.cancel() }
}

import { copyFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeProject, type Project } from '../support/project.ts'

const appServers = ['app-1', 'app-2'] as const

/** What somebody outside, or the app's own user, may try at the way in. Two of each, and two copies of a process. */
describe.skipIf(!labPossible)(`attacks on the way in${whySkipped}`, () => {
  let project: Project
  let url: string

  beforeAll(async () => {
    project = await makeProject('tedge')
    await copyFile(join(import.meta.dirname, '..', 'support', 'harm.js'), join(project.folder, 'harm.js'))
    await project.edit('web: { servers: 1', 'web: { servers: 2')
    await project.edit(
      'servers: 1,\n    source',
      "servers: 2,\n    processes: { harm: { start: 'node harm.js', paths: ['/harm'], health: '/harm/up', instances: 2 } },\n    source",
    )
    const { code, stdout, stderr } = await project.trimaran('up', '--lab', '--yes')
    if (code !== 0) throw new Error(stdout + stderr)
    url = /http:\/\/[\d.]+/.exec(stdout)![0]
  }, 900_000)
  afterAll(async () => {
    await project?.remove()
  })

  const exec = async (server: string, script: string): Promise<string> =>
    (await project.trimaran('exec', server, '--lab', '--', script)).stdout.trim()
  const addressOf = (host: number): string => url.replace('http://', '').replace(/\d+$/, String(host))

  /** How often each request reached a process that it ended, over all copies on all servers. */
  const harmOf = async (ask: () => Promise<unknown>): Promise<readonly number[]> => {
    const noted = 'cat /var/cache/app/harmed 2>/dev/null; rm -f /var/cache/app/harmed'
    for (const server of appServers) await exec(server, noted)
    for (let request = 0; request < 4; request += 1) {
      await ask()
      // Its copies are started again meanwhile, so that each request finds all of them.
      await sleep(1500)
    }
    const ids = (await Promise.all(appServers.map((server) => exec(server, noted)))).join('\n').match(/\S+/g) ?? []
    return [...new Set(ids)].map((id) => ids.filter((one) => one === id).length)
  }

  it.each(['kill', 'exit', 'cut'])('a request that ends its process (%s) ends two of them at most', async (how) => {
    const harm = await harmOf(() => fetch(`${url}/harm/${how}`))
    expect(harm.length).toBe(4)
    expect(Math.max(...harm)).toBeLessThanOrEqual(2)
  })

  it.each([
    [{}, 1],
    [{ 'idempotency-key': 'one' }, 2],
  ])('a write with %o ends %i of them at most', async (headers, most) => {
    const harm = await harmOf(() => fetch(`${url}/harm/kill`, { method: 'POST', body: 'x', headers }))
    expect(harm.length).toBe(4)
    expect(Math.max(...harm)).toBeLessThanOrEqual(most)
  })

  it('is answered by nobody but those who are called, and believed by nobody', async () => {
    const status = (from: string, to: string) => exec(from, `curl -s -o /dev/null -m 5 -w '%{http_code}' ${to}`)
    const claims = "-H 'X-Haproxy-Server-State: UP 2/2; name=app/app-1; node=x; weight=1/1; scur=999/999; qcur=0'"
    // The readiness of a slot: callers alone, and this server itself without being counted.
    for (const server of ['lb-1', 'app-2', 'db-1'])
      expect(await status(server, `${claims} http://${addressOf(111)}:3500/ready`)).toBe('000')
    expect(await status('web-1', `http://${addressOf(111)}:3500/ready`)).toMatch(/200|503/)
    await status('app-1', `${claims} http://127.0.0.1:3500/ready`)
    expect(Number(await exec('app-1', '/usr/local/lib/trimaran/readiness busy 3500 3600'))).toBeLessThan(900)
    // The slots: callers alone, whether a release runs there or not.
    const slots = ['3000', '3100']
    for (const server of ['lb-1', 'app-2', 'db-1'])
      for (const slot of slots) expect(await status(server, `http://${addressOf(111)}:${slot}/up`)).toBe('000')
    const told = await Promise.all(slots.map((slot) => status('web-1', `http://${addressOf(111)}:${slot}/up`)))
    expect(told.toSorted()).toEqual(['000', '200'])
    // Web servers: balancers alone.
    expect(await status('app-1', `http://${addressOf(31)}/`)).toBe('000')
    expect(await status('lb-2', `http://${addressOf(31)}/`)).toBe('200')
    // And nobody who is not of the stack.
    for (const target of [`${addressOf(111)}:3000`, `${addressOf(111)}:3500`, `${addressOf(31)}:80`])
      await expect(fetch(`http://${target}/up`)).rejects.toThrow('fetch failed')
  })

  it('is not taken by one address that sends bodies slowly', async () => {
    const sockets: Socket[] = []
    const refused = new Set<string>()
    for (let number = 0; number < 1400; number += 1) {
      const socket = connect({ host: addressOf(10), port: 80 })
      socket.on('error', () => {})
      socket.on('data', (answer) => refused.add(answer.toString().slice(9, 12)))
      socket.write('POST /api/entries HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx')
      sockets.push(socket)
      if (number % 50 === 0) await sleep(50)
    }
    // Somebody at another address sees the site meanwhile.
    const visits = await exec(
      'db-1',
      `for i in $(seq 60); do curl -s -o /dev/null -m 5 -w '%{http_code}\\n' ${url}/api/where; sleep 0.1; done | sort | uniq -c`,
    )
    for (const socket of sockets) socket.destroy()
    expect(visits).toMatch(/^60 200$/)
    expect(refused).toContain('429')
  })
})

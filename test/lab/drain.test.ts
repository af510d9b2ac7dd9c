import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { StatusReport } from '../../src/status/summarise.ts'
import { labPossible, whySkipped } from './lab-possible.ts'
import { makeProject, type Project } from './support/project.ts'
import type { Ran } from './support/run-program.ts'
import { unnoticed } from './support/unnoticed.ts'

/** A stack without a single point of failure, and all that one does to its servers on a quiet day. The steps build on one another. */
describe.skipIf(!labPossible)(`servers taken out of service and put back${whySkipped}`, () => {
  let project: Project
  let url: string

  beforeAll(async () => {
    project = await makeProject('tdrain')
    await project.edit('web: { servers: 1', 'web: { servers: 2')
    await project.edit('app: {\n    servers: 1,', 'app: {\n    servers: 2,\n    drainTimeout: 8,')
    // With a pool, writes wait while the primary moves; without one, some would be told that the database is away.
    await project.edit('database: { servers: 1 }', "database: { servers: 3, pool: 'transaction' }")
    const { stdout } = await run('up')
    url = /http:\/\/[\d.]+/.exec(stdout)![0]
  }, 600_000)
  afterAll(async () => {
    await project?.remove()
  })

  const attempt = (...words: readonly string[]): Promise<Ran> => project.trimaran(...words, '--lab', '--yes')
  const run = async (...words: readonly string[]): Promise<Ran> => {
    const ran = await attempt(...words)
    expect(ran.code, `${words.join(' ')}\n${ran.stderr}${ran.stdout}`).toBe(0)
    return ran
  }
  const status = async (): Promise<StatusReport> =>
    JSON.parse((await project.trimaran('status', '--lab', '--json')).stdout) as StatusReport
  const stateOf = async (name: string): Promise<string> =>
    (await status()).servers.find((server) => server.name === name)!.state
  const on = async (server: string, script: string): Promise<string> =>
    (await project.trimaran('exec', server, '--lab', '--', script)).stdout.trim()

  it.each([
    ['a web server', () => Promise.resolve('web-1')],
    ['an app server', () => Promise.resolve('app-1')],
    ['the balancer that holds the address', async () => (await status()).balancer.holder!],
    ['the primary', async () => (await status()).database.leader!],
  ])('drains %s and puts it back, and nobody notices', async (what, find) => {
    const name = await find()
    await unnoticed(url, what, async () => {
      expect((await run('drain', name)).stdout).toContain('drained and free')
      const report = await status()
      expect(report.servers.find((server) => server.name === name)?.state).toBe('drained')
      expect([report.state, report.drained]).toEqual(['well', [name]])
      expect([report.balancer.holder, report.database.leader]).not.toContain(name)
      expect((await run('up')).stdout).toContain('nothing to do')
      await run('undrain', name)
    })
    expect(await stateOf(name)).toBe('well')
  })

  it('refuses to take the last one, and says why', async () => {
    await run('drain', 'web-1')
    const { code, stderr } = await attempt('drain', 'web-2')
    expect(code).toBe(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('web-2 is the only web server that serves')
    expect((await fetch(url)).status).toBe(200)
    await run('undrain', 'web-1')
  })

  it('runs nothing of the app on a drained server, and lets what is open there end first', async () => {
    const slow = Array.from({ length: 6 }, () => fetch(`${url}/slow?ms=4000`))
    await sleep(500)
    await run('drain', 'app-2')
    expect(await Promise.all(slow.map(async (answer) => (await answer).status))).toEqual(Array(6).fill(200))
    expect(await on('app-2', 'pgrep -fc server.js || true')).toBe('0')
    await run('undrain', 'app-2')
  })

  it('goes on with a drain that was killed', async () => {
    const killed = project.start('drain', 'app-1', '--lab', '--yes')
    await killed.said('Wave 2 of')
    await killed.kill()
    expect((await run('drain', 'app-1')).stdout).toContain('free')
    await run('undrain', 'app-1')
  })

  it('keeps a dead server out when it comes back, until it is told otherwise', async () => {
    await project.trimaran('lab', 'power-off', 'app-2')
    expect((await run('drain', 'app-2')).stdout).toContain('it does not answer')
    expect((await status()).state).toBe('well')
    await project.trimaran('lab', 'power-on', 'app-2')
    await sleep(5000)
    const sees = await on('web-1', 'curl -s 127.0.0.1:8404/metrics | grep "haproxy_server_status.*app-2.*UP"')
    expect(sees).not.toMatch(/ 1$/m)
    await run('undrain', 'app-2')
    expect(await stateOf('app-2')).toBe('well')
  })

  it('sends nothing to a server that was off during a deploy, until it has that release', async () => {
    await project.trimaran('lab', 'power-off', 'app-2')
    await writeFile(join(project.folder, 'public', 'version.txt'), 'later')
    expect((await run('deploy')).stdout).toMatch(/app-2 did not answer: .*nothing is sent there/)
    await project.trimaran('lab', 'power-on', 'app-2')
    await vi.waitFor(
      async () =>
        expect(
          await on('app-2', 'curl -s -o /dev/null -w "%{http_code}" 127.0.0.1:3000/up 127.0.0.1:3100/up'),
        ).toContain('200'),
      { timeout: 60_000, interval: 500 },
    )
    await sleep(2000)
    expect((await status()).servers.find(({ name }) => name === 'app-2')).toMatchObject({
      state: 'degraded',
      note: expect.stringContaining('was unreachable during a deploy') as string,
    })
    const { byApp } = await unnoticed(url, 'a server is back that was off', () => sleep(4000))
    expect(Object.keys(byApp)).toEqual(['app-1'])
    await unnoticed(url, 'up, with the server that was off', async () => {
      await run('up')
    })
    expect(await stateOf('app-2')).toBe('well')
    expect((await run('up')).stdout).toContain('nothing to do')
  })

  it('restarts a tier one server at a time, goes on where it was killed, and leaves drained what was drained', async () => {
    const started = (server: string): Promise<string> => on(server, 'cut -d" " -f22 /proc/1/stat')
    const startsOf = (): Promise<readonly string[]> => Promise.all(['app-1', 'web-1', 'web-2'].map(started))
    const before = await startsOf()
    await run('drain', 'app-1')
    await unnoticed(url, 'reboot, killed in the middle', async () => {
      const killed = project.start('reboot', 'app-1', 'web', '--lab', '--yes')
      // The rolling operation is in the stack state from the first step on.
      await vi.waitFor(
        async () => expect(await on('db-1', 'cat /var/lib/trimaran/state.json')).toContain('"rolling"'),
        {
          timeout: 120_000,
          interval: 500,
        },
      )
      await sleep(2000)
      await killed.kill()
      // The one that was worked on may just be booting: without it, the other one could not step aside.
      await vi.waitFor(
        async () => expect((await project.trimaran('exec', 'web', '--lab', '--', 'true')).code).toBe(0),
        {
          timeout: 120_000,
          interval: 1000,
        },
      )
      expect((await project.trimaran('status', '--lab')).stdout).toMatch(/reboot +\d of 3 servers done/)
      expect((await run('reboot')).stdout).toContain('Goes on with the reboot')
    })
    for (const start of await startsOf()) expect(before).not.toContain(start)
    expect((await status()).drained).toEqual(['app-1'])
    await run('undrain', 'app-1')
  })

  it('restarts those last on whom the others depend, and nobody notices', async () => {
    const { balancer } = await status()
    await unnoticed(url, 'reboot balancer', async () => {
      const { stdout } = await run('reboot', 'balancer')
      const order = [...stdout.matchAll(/^✔ (lb-\d) {2}restarted/gm)].map(([, name]) => name)
      expect(order.at(-1)).toBe(balancer.holder)
      expect(order).toHaveLength(2)
    })
    expect((await run('up')).stdout).toContain('nothing to do')
  })

  it('says that a lab has no way to Debian, before anything is touched', async () => {
    const { code, stderr } = await attempt('upgrade', 'web')
    expect(code).toBe(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain("Debian's packages cannot be reached from web-1, web-2")
    expect((await status()).drained).toEqual([])
  })
})

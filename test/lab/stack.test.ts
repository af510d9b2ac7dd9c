import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatusReport } from '../../src/status/summarise.ts'
import { load, longestGap } from './support/load.ts'
import { differencesFromLinks } from './support/open-ports.ts'
import { makeProject, type Project } from './support/project.ts'

/** One stack through its life, from an empty lab to nothing left. The steps build on one another, in this order. */
describe('five servers from one file', () => {
  let project: Project
  let url: string

  beforeAll(async () => {
    project = await makeProject('tlife')
  })
  afterAll(async () => {
    await project.remove()
  })

  const status = async (): Promise<StatusReport> =>
    JSON.parse((await project.trimaran('status', '--lab', '--json')).stdout) as StatusReport
  const exec = async (server: string, script: string): Promise<string> =>
    (await project.trimaran('exec', server, '--lab', '--', script)).stdout.trim()
  const expectNothingToDo = async (): Promise<void> => {
    const { code, stdout } = await project.trimaran('up', '--lab', '--yes')
    expect(stdout).toContain('nothing to do')
    expect(code).toBe(0)
  }
  /** Lines of the plan that name a step, without their diffs. */
  const planned = async (): Promise<readonly string[]> => {
    const { stdout } = await project.trimaran('plan', '--lab')
    return stdout
      .split('\n')
      .filter((line) => /^ {6}[+~▸↻↺■-] /.test(line))
      .map((line) => line.trim())
  }

  it('comes up, and says where it answers', async () => {
    const { code, stdout, stderr } = await project.trimaran('up', '--lab', '--yes')
    expect(code, stderr + stdout).toBe(0)
    url = /http:\/\/[\d.]+/.exec(stdout)![0]
    expect(stdout).toContain('answers (200)')
  })

  it('passes a request through every tier, with the visitor’s address and one request id', async () => {
    const answer = await fetch(`${url}/api/where`, {
      headers: { 'X-Forwarded-For': '1.2.3.4', 'X-Request-Id': 'forged' },
    })
    const where = (await answer.json()) as Record<string, string>
    expect(where).toMatchObject({ web: 'web-1', app: 'app-1', database: 'db-1', databaseRole: 'primary' })
    expect(where['balancer']).toMatch(/^lb-[12]$/)
    expect(where['client']).not.toBe('1.2.3.4')
    expect(where['requestId']).not.toBe('forged')
    const { stdout } = await project.trimaran('logs', '--lab', '--json', '--grep', where['requestId']!)
    const seen = new Set(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { server: string }).server),
    )
    expect(seen).toEqual(new Set([where['balancer'], 'web-1', 'app-1']))
  })

  it('serves static files from nginx, without asking the app', async () => {
    const page = await (await fetch(url)).text()
    const asset = /\/assets\/[^"']+\.css/.exec(page)![0]
    const answer = await fetch(url + asset, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    const { stdout } = await project.trimaran('logs', 'app', '--lab', '--grep', asset.split('/').at(-1)!)
    expect(stdout).toBe('')
  })

  it('writes to the database and reads it back', async () => {
    const sent = await fetch(`${url}/api/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ana', message: 'hello from the test' }),
    })
    expect(sent.status).toBe(201)
    expect(await (await fetch(`${url}/api/entries`)).text()).toContain('hello from the test')
  })

  it('has nothing to do the second time', expectNothingToDo)

  it('is well, and says who leads', async () => {
    const report = await status()
    expect(report).toMatchObject({ stack: project.name, state: 'well', database: { leader: 'db-1' } })
    expect(report.balancer.holders).toHaveLength(1)
    expect(report.servers.flatMap(({ components }) => components).every(({ state }) => state === 'well')).toBe(true)
  })

  it('lets others reach what its links name, and nothing else', async () => {
    expect(await differencesFromLinks(project)).toEqual([])
  })

  it('fixes a file that was changed by hand, and reloads for it', async () => {
    await exec('web-1', 'echo "# by hand" >>/etc/nginx/nginx.conf')
    expect(await planned()).toEqual([
      '~ nginx: /etc/nginx/nginx.conf (has other content)',
      '↻ nginx: reload nginx.service (for nginx.conf)',
    ])
    expect((await project.trimaran('plan', '--lab', '--detailed-exitcode')).code).toBe(3)
    expect((await project.trimaran('up', '--lab', '--yes')).code).toBe(0)
    await expectNothingToDo()
  })

  it('starts a service that was stopped', async () => {
    await exec('app-1', 'systemctl stop haproxy')
    expect((await project.trimaran('status', '--lab')).code).toBe(4)
    expect(await planned()).toEqual(['▸ haproxy: start haproxy.service (is not running)'])
    expect((await project.trimaran('up', '--lab', '--yes')).code).toBe(0)
    await expectNothingToDo()
  })

  it('asks before it changes anything, and without a terminal says how to answer', async () => {
    await exec('web-1', 'systemctl stop nginx')
    const { code, stderr } = await project.trimaran('up', '--lab')
    expect(code).not.toBe(0)
    expect(stderr).toContain('--yes')
    expect(await exec('web-1', 'systemctl is-active nginx')).toBe('inactive')
    await project.trimaran('up', '--lab', '--yes')
  })

  it('stops before the callers when a server does not pass what it is now checked by', async () => {
    await project.edit("health: '/up'", "health: '/no-such-page'")
    const { code, stdout, stderr } = await project.trimaran('up', '--lab', '--yes')
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('does not answer /no-such-page')
    expect((await fetch(url)).status).toBe(200)
    await project.edit("health: '/no-such-page'", "health: '/up'")
    await expectNothingToDo()
    expect((await fetch(url)).status).toBe(200)
  })

  it('goes on after the command was killed in the middle of an apply', async () => {
    await exec('web-1', 'echo "# by hand" >>/etc/nginx/nginx.conf')
    await exec('lb-1', 'echo "# by hand" >>/etc/haproxy/haproxy.cfg')
    const killed = project.start('up', '--lab', '--yes')
    await killed.said('Wave 1 of')
    await killed.kill()
    const { code, stdout, stderr } = await project.trimaran('up', '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    await expectNothingToDo()
  })

  it('adds a web server: one new server and reloads of its neighbours, nothing else', async () => {
    await project.edit('web: { servers: 1', 'web: { servers: 2')
    const plan = JSON.parse((await project.trimaran('plan', '--lab', '--json')).stdout.trim().split('\n').at(-1)!) as {
      waves: { changes: { server: { name: string }; isNew: boolean; disturbs: string }[] }[]
    }
    const changes = plan.waves.flatMap((wave) => wave.changes)
    expect(changes.filter(({ isNew }) => isNew).every(({ server }) => server.name === 'web-2')).toBe(true)
    const neighbours = changes.filter(({ isNew }) => !isNew)
    // web-1 is told too: with a second web server it may say that it is unwell when its sidecar is. app-1 lets web-2 call it.
    const told = new Set(neighbours.map(({ server }) => server.name))
    expect([...told].toSorted()).toEqual(['app-1', 'lb-1', 'lb-2', 'web-1'])
    expect(neighbours.filter(({ disturbs }) => disturbs === 'restart')).toEqual([])
    expect((await project.trimaran('up', '--lab', '--yes')).code).toBe(0)
    await expectNothingToDo()
  })

  it('spreads 2,000 requests within 5 % of even on each balancer', async () => {
    const { servers } = await status()
    for (const { address } of servers.filter(({ tier }) => tier === 'balancer')) {
      const answers = await load({ url: `http://${address}/api/where?spread`, rate: 250, seconds: 8, keepAlive: true })
      expect(answers.filter(({ outcome }) => outcome !== 200)).toEqual([])
    }
    for (const { address } of servers.filter(({ tier }) => tier === 'balancer')) {
      const { backends } = await status()
      expect(backends.filter(({ state }) => state.toUpperCase() === 'UP').length, address).toBeGreaterThanOrEqual(4)
    }
    const counts = await Promise.all(
      ['web-1', 'web-2'].map(async (server) =>
        Number(await exec(server, 'journalctl --namespace=traffic -u nginx -o cat | grep -c "?spread"')),
      ),
    )
    expect(counts[0]! + counts[1]!).toBe(4000)
    expect(Math.abs(counts[0]! - 2000)).toBeLessThan(100)
  })

  it('loses no request while a balancer is reloaded, over kept and over fresh connections', async () => {
    const { holder } = (await status()).balancer
    const reloads = exec(holder!, 'for i in 1 2 3 4 5; do systemctl reload haproxy; sleep 1; done')
    const answers = await Promise.all(
      [true, false].map((keepAlive) => load({ url: `${url}/api/where`, rate: 50, seconds: 7, keepAlive })),
    )
    await reloads
    expect(answers.flat().filter(({ outcome }) => outcome !== 200)).toEqual([])
  })

  it('moves the address when the plug of its balancer is pulled, and leaves it there when it returns', async () => {
    const { holder } = (await status()).balancer
    const running = load({
      url: `${url}/api/where`,
      rate: 100,
      seconds: 12,
      keepAlive: false,
      deadlineMilliseconds: 1000,
    })
    await sleep(3000)
    await project.trimaran('lab', 'power-off', holder!)
    const answers = await running
    const lost = answers.filter(({ outcome }) => outcome !== 200)
    process.stdout.write(
      `power loss of ${holder}: ${lost.length} of ${answers.length} requests lost, gap ${Math.round(longestGap(answers))} ms\n`,
    )
    expect(answers.at(-1)!.outcome).toBe(200)
    const other = holder === 'lb-1' ? 'lb-2' : 'lb-1'
    const without = await project.trimaran('status', '--lab', '--json')
    expect(without.code).toBe(4)
    expect(JSON.parse(without.stdout)).toMatchObject({ state: 'degraded', balancer: { holder: other } })
    const skipping = await project.trimaran('up', '--lab', '--yes')
    expect(skipping.stdout).toContain(`${holder} is unreachable`)
    const returning = load({ url: `${url}/api/where`, rate: 50, seconds: 10, keepAlive: false })
    await project.trimaran('lab', 'power-on', holder!)
    expect((await returning).filter(({ outcome }) => outcome !== 200)).toEqual([])
    expect((await status()).balancer.holders).toEqual([other])
  })

  it('gives the second web server up again', async () => {
    await project.edit('web: { servers: 2', 'web: { servers: 1')
    const { code, stdout, stderr } = await project.trimaran('up', '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    const listed = (await project.trimaran('lab', 'list', '--json')).stdout
    const labs = JSON.parse(listed) as { name: string; servers: { name: string }[] }[]
    expect(labs.find(({ name }) => name === project.name)!.servers.map(({ name }) => name)).not.toContain('web-2')
    await expectNothingToDo()
    expect((await fetch(url)).status).toBe(200)
  })

  it('refuses a second operator while the first is at work', async () => {
    await exec('web-1', 'echo "# by hand" >>/etc/nginx/nginx.conf')
    const { subnet } = (
      JSON.parse((await project.trimaran('lab', 'list', '--json')).stdout) as { name: string; subnet: string }[]
    ).find(({ name }) => name === project.name)!
    expect(subnet).toMatch(/^198\.18\./)
    const holding = project.start(
      'exec',
      'web-1',
      '--lab',
      '--',
      'exec 8>>/run/trimaran/operator.lock; flock 8; echo "ana@laptop since 12:00" >/run/trimaran/operator.owner; sleep 20',
    )
    await sleep(1500)
    const { code, stderr } = await project.trimaran('up', '--lab', '--yes')
    expect(code).toBe(1)
    expect(stderr).toContain('ana@laptop')
    await holding.ended
    expect((await project.trimaran('up', '--lab', '--yes')).code).toBe(0)
  })

  it('goes from its servers, and puts back what stood there before', async () => {
    const { code } = await project.trimaran('down', '--lab', '--yes')
    expect(code).toBe(0)
    expect(await exec('web-1', 'cat /var/lib/trimaran/manifest')).toBe('')
    expect(await exec('web-1', 'systemctl is-active nginx haproxy')).not.toContain('\nactive')
    expect(await exec('web-1', 'grep -c Trimaran /etc/nginx/nginx.conf')).toBe('0')
  })
})

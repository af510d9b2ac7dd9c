import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { labPossible, whySkipped } from './lab-possible.ts'
import { useLabStack } from './support/lab-stack.ts'
import { load, longestGap } from './support/load.ts'
import { differencesFromLinks } from './support/open-ports.ts'
import { describeDeploys } from './suites/deploy.ts'
import { describeExec } from './suites/exec.ts'
import { describeIsolation } from './suites/isolation.ts'
import { describeJudging } from './suites/judge.ts'
import { describeScaling } from './suites/scale.ts'

/** One stack through its life, from an empty lab to nothing left. The steps build on one another, in this order. */
describe.skipIf(!labPossible)(`five servers from one file${whySkipped}`, () => {
  const stack = useLabStack('tlife', async (project) => {
    await project.edit("start: 'node server.js',", "start: 'node server.js',\n    startTimeout: 15,")
    for (const text of ['Plan for', 'Wave 2 of']) {
      const killed = project.start('up', '--lab', '--yes')
      await killed.said(text)
      await killed.kill()
    }
  })
  const { attempt, expectNothingToDo, on, run, status } = stack
  /** Lines of the plan that name a step, without their diffs. */
  const planned = async (): Promise<readonly string[]> => {
    const { stdout } = await stack.project.trimaran('plan', '--lab')
    return stdout
      .split('\n')
      .filter((line) => /^ {6}[+~▸↻↺■-] /.test(line))
      .map((line) => line.trim())
  }

  it('comes up although it was killed twice, and says where it answers', () => {
    expect(stack.firstUp).toContain('answers (200)')
  })

  it('passes a request through every tier, with the visitor’s address and one request id', async () => {
    const answer = await fetch(`${stack.url}/api/where`, {
      headers: { 'X-Forwarded-For': '1.2.3.4', 'X-Request-Id': 'forged' },
    })
    const where = (await answer.json()) as Record<string, string>
    expect(where).toMatchObject({ web: 'web-1', app: 'app-1', database: 'db-1', databaseRole: 'primary' })
    expect(where['balancer']).toMatch(/^lb-[12]$/)
    expect(where['client']).not.toBe('1.2.3.4')
    expect(where['requestId']).not.toBe('forged')
    const { stdout } = await stack.project.trimaran('logs', '--lab', '--json', '--grep', where['requestId']!)
    const seen = new Set(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { server: string }).server),
    )
    expect(seen).toEqual(new Set([where['balancer'], 'web-1', 'app-1']))
  })

  it('serves static files from nginx, without asking the app', async () => {
    const page = await (await fetch(stack.url)).text()
    const asset = /\/assets\/[^"']+\.css/.exec(page)![0]
    const answer = await fetch(stack.url + asset, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    const { stdout } = await stack.project.trimaran('logs', 'app', '--lab', '--grep', asset.split('/').at(-1)!)
    expect(stdout).toBe('')
  })

  it('writes to the database and reads it back', async () => {
    const sent = await fetch(`${stack.url}/api/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ana', message: 'hello from the test' }),
    })
    expect(sent.status).toBe(201)
    expect(await (await fetch(`${stack.url}/api/entries`)).text()).toContain('hello from the test')
  })

  it('has nothing to do the second time', expectNothingToDo)

  it('is well, and says who leads', async () => {
    const report = await status()
    expect(report).toMatchObject({ stack: stack.project.name, state: 'well', database: { leader: 'db-1' } })
    expect(report.balancer.holders).toHaveLength(1)
    expect(report.servers.flatMap(({ components }) => components).every(({ state }) => state === 'well')).toBe(true)
  })

  it('lets others reach what its links name, and nothing else', async () => {
    expect(await differencesFromLinks(stack.project)).toEqual([])
  })

  it('fixes a file that was changed by hand, and reloads for it', async () => {
    await on('web-1', 'echo "# by hand" >>/etc/nginx/nginx.conf')
    expect(await planned()).toEqual([
      '~ nginx: /etc/nginx/nginx.conf (has other content)',
      '↻ nginx: reload nginx.service (for nginx.conf)',
    ])
    expect((await stack.project.trimaran('plan', '--lab', '--detailed-exitcode')).code).toBe(3)
    await run('up')
    await expectNothingToDo()
  })

  it('starts a service that was stopped', async () => {
    await on('app-1', 'systemctl stop haproxy')
    expect((await stack.project.trimaran('status', '--lab')).code).toBe(4)
    expect(await planned()).toEqual(['▸ haproxy: start haproxy.service (is not running)'])
    await run('up')
    await expectNothingToDo()
  })

  it('asks before it changes anything, and without a terminal says how to answer', async () => {
    await on('web-1', 'systemctl stop nginx')
    const { code, stderr } = await stack.project.trimaran('up', '--lab')
    expect(code).not.toBe(0)
    expect(stderr).toContain('--yes')
    expect(await on('web-1', 'systemctl is-active nginx')).toBe('inactive')
    await run('up')
  })

  it('stops before the callers when a server does not pass what it is now checked by', async () => {
    await stack.project.edit("health: '/up'", "health: '/no-such-page'")
    const { code, stdout, stderr } = await attempt('up')
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('does not answer /no-such-page')
    expect((await fetch(stack.url)).status).toBe(200)
    await stack.project.edit("health: '/no-such-page'", "health: '/up'")
    await expectNothingToDo()
    expect((await fetch(stack.url)).status).toBe(200)
  })

  it('goes on after the command was killed in the middle of an apply', async () => {
    await on('web-1', 'echo "# by hand" >>/etc/nginx/nginx.conf')
    await on('lb-1', 'echo "# by hand" >>/etc/haproxy/haproxy.cfg')
    const killed = stack.project.start('up', '--lab', '--yes')
    await killed.said('Wave 1 of')
    await killed.kill()
    await run('up')
    await expectNothingToDo()
  })

  it('adds a web server: one new server and reloads of its neighbours, nothing else', async () => {
    await stack.project.edit('web: { servers: 1', 'web: { servers: 2')
    const plan = JSON.parse(
      (await stack.project.trimaran('plan', '--lab', '--json')).stdout.trim().split('\n').at(-1)!,
    ) as {
      waves: { changes: { server: { name: string }; isNew: boolean; disturbs: string }[] }[]
    }
    const changes = plan.waves.flatMap((wave) => wave.changes)
    expect(changes.filter(({ isNew }) => isNew).every(({ server }) => server.name === 'web-2')).toBe(true)
    const neighbours = changes.filter(({ isNew }) => !isNew)
    // web-1 is told too: with a second web server it may say that it is unwell when its sidecar is. app-1 lets web-2 call it.
    const told = new Set(neighbours.map(({ server }) => server.name))
    expect([...told].toSorted()).toEqual(['app-1', 'lb-1', 'lb-2', 'web-1'])
    expect(neighbours.filter(({ disturbs }) => disturbs === 'restart')).toEqual([])
    await run('up')
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
        Number(await on(server, 'journalctl --namespace=traffic -u nginx -o cat | grep -c "?spread"')),
      ),
    )
    expect(counts[0]! + counts[1]!).toBe(4000)
    expect(Math.abs(counts[0]! - 2000)).toBeLessThan(100)
  })

  it('loses no request while a balancer is reloaded, over kept and over fresh connections', async () => {
    const { holder } = (await status()).balancer
    const reloads = on(holder!, 'for i in 1 2 3 4 5; do systemctl reload haproxy; sleep 1; done')
    const answers = await Promise.all(
      [true, false].map((keepAlive) => load({ url: `${stack.url}/api/where`, rate: 50, seconds: 7, keepAlive })),
    )
    await reloads
    expect(answers.flat().filter(({ outcome }) => outcome !== 200)).toEqual([])
  })

  it('moves the address when the plug of its balancer is pulled, and leaves it there when it returns', async () => {
    const { holder } = (await status()).balancer
    const running = load({
      url: `${stack.url}/api/where`,
      rate: 100,
      seconds: 12,
      keepAlive: false,
      deadlineMilliseconds: 1000,
    })
    await sleep(3000)
    await stack.power('off', holder!)
    const answers = await running
    const lost = answers.filter(({ outcome }) => outcome !== 200)
    process.stdout.write(
      `power loss of ${holder}: ${lost.length} of ${answers.length} requests lost, gap ${Math.round(longestGap(answers))} ms\n`,
    )
    expect(answers.at(-1)!.outcome).toBe(200)
    const other = holder === 'lb-1' ? 'lb-2' : 'lb-1'
    const without = await stack.project.trimaran('status', '--lab', '--json')
    expect(without.code).toBe(4)
    expect(JSON.parse(without.stdout)).toMatchObject({ state: 'degraded', balancer: { holder: other } })
    expect((await run('up')).stdout).toContain(`${holder} is unreachable`)
    const returning = load({ url: `${stack.url}/api/where`, rate: 50, seconds: 10, keepAlive: false })
    await stack.power('on', holder!)
    expect((await returning).filter(({ outcome }) => outcome !== 200)).toEqual([])
    expect((await status()).balancer.holders).toEqual([other])
  })

  it('gives the second web server up again', async () => {
    await stack.project.edit('web: { servers: 2', 'web: { servers: 1')
    await run('up')
    const listed = (await stack.project.trimaran('lab', 'list', '--json')).stdout
    const { labs } = JSON.parse(listed) as { labs: { name: string; servers: { name: string }[] }[] }
    expect(labs.find(({ name }) => name === stack.project.name)!.servers.map(({ name }) => name)).not.toContain('web-2')
    await expectNothingToDo()
    expect((await fetch(stack.url)).status).toBe(200)
  })

  describeExec(stack)
  describeDeploys(stack)
  describeIsolation(stack)
  describeJudging(stack)
  describeScaling(stack)

  it('refuses a second operator while the first is at work', async () => {
    await on('web-1', 'echo "# by hand" >>/etc/nginx/nginx.conf')
    const holding = stack.project.start(
      'exec',
      'web-1',
      '--lab',
      '--',
      `exec 8>>/run/trimaran/operator.lock; flock 8; echo "ana@laptop since 12:00" >/run/trimaran/operator.owner
       for second in {1..60}; do [ -e /run/is-done ] && break; sleep 1; done`,
    )
    await vi.waitFor(async () => expect(await on('web-1', 'cat /run/trimaran/operator.owner')).toContain('ana'), 30_000)
    const { code, stderr } = await attempt('up')
    expect(code).toBe(1)
    expect(stderr).toContain('ana@laptop')
    await on('web-1', 'touch /run/is-done')
    await holding.ended
    await run('up')
  })

  it('goes from its servers, and puts back what stood there before', async () => {
    await run('down')
    expect(await on('web-1', 'cat /var/lib/trimaran/manifest')).toBe('')
    expect(await on('web-1', 'systemctl is-active nginx haproxy')).not.toContain('\nactive')
    expect(await on('web-1', 'grep -c Trimaran /etc/nginx/nginx.conf')).toBe('0')
  })
})

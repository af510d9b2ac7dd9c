import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeRedundant, useLabStack } from '../support/lab-stack.ts'
import { unnoticed } from '../support/unnoticed.ts'

/** A stack without a single point of failure, whose servers are off for a while. The steps build on one another. */
describe.skipIf(!labPossible)(`servers that are off for a while, and restarted${whySkipped}`, () => {
  const stack = useLabStack('treboot', makeRedundant)

  it('keeps a dead server out when it comes back, until it is told otherwise', async () => {
    await stack.power('off', 'app-2')
    expect((await stack.run('drain', 'app-2')).stdout).toContain('it does not answer')
    expect((await stack.status()).state).toBe('well')
    await stack.power('on', 'app-2')
    await sleep(5000)
    const sees = await stack.on('web-1', 'curl -s 127.0.0.1:8404/metrics | grep "haproxy_server_status.*app-2.*UP"')
    expect(sees).not.toMatch(/ 1$/m)
    await stack.run('undrain', 'app-2')
    expect(await stack.stateOf('app-2')).toBe('well')
  })

  it('sends nothing to a server that was off during a deploy, until it has that release', async () => {
    await stack.power('off', 'app-2')
    await writeFile(join(stack.project.folder, 'public', 'version.txt'), 'later')
    expect((await stack.run('deploy')).stdout).toMatch(/app-2 did not answer: .*nothing is sent there/)
    await stack.power('on', 'app-2')
    await vi.waitFor(
      async () =>
        expect(
          await stack.on('app-2', 'curl -s -o /dev/null -w "%{http_code}" 127.0.0.1:3000/up 127.0.0.1:3100/up'),
        ).toContain('200'),
      { timeout: 60_000, interval: 500 },
    )
    await sleep(2000)
    expect((await stack.status()).servers.find(({ name }) => name === 'app-2')).toMatchObject({
      state: 'degraded',
      note: expect.stringContaining('was unreachable during a deploy') as string,
    })
    const { byApp } = await unnoticed(stack.url, 'a server is back that was off', () => sleep(4000))
    expect(Object.keys(byApp)).toEqual(['app-1'])
    await unnoticed(stack.url, 'up, with the server that was off', async () => {
      await stack.run('up')
    })
    expect(await stack.stateOf('app-2')).toBe('well')
    await stack.expectNothingToDo()
  })

  it('restarts a tier one server at a time, goes on where it was killed, and leaves drained what was drained', async () => {
    const started = (server: string): Promise<string> => stack.on(server, 'cut -d" " -f22 /proc/1/stat')
    const startsOf = (): Promise<readonly string[]> => Promise.all(['app-1', 'web-1', 'web-2'].map(started))
    const before = await startsOf()
    await stack.run('drain', 'app-1')
    await unnoticed(stack.url, 'reboot, killed in the middle', async () => {
      const killed = stack.project.start('reboot', 'app-1', 'web', '--lab', '--yes')
      // The rolling operation is in the stack state from the first step on.
      await vi.waitFor(
        async () => expect(await stack.on('db-1', 'cat /var/lib/trimaran/state.json')).toContain('"rolling"'),
        {
          timeout: 120_000,
          interval: 500,
        },
      )
      await sleep(2000)
      await killed.kill()
      // The one that was worked on may just be booting: without it, the other one could not step aside.
      await vi.waitFor(
        async () => expect((await stack.project.trimaran('exec', 'web', '--lab', '--', 'true')).code).toBe(0),
        {
          timeout: 120_000,
          interval: 1000,
        },
      )
      expect((await stack.project.trimaran('status', '--lab')).stdout).toMatch(/reboot +\d of 3 servers done/)
      expect((await stack.run('reboot')).stdout).toContain('Goes on with the reboot')
    })
    for (const start of await startsOf()) expect(before).not.toContain(start)
    expect((await stack.status()).drained).toEqual(['app-1'])
    await stack.run('undrain', 'app-1')
  })

  it('restarts those last on whom the others depend, and nobody notices', async () => {
    const { balancer } = await stack.status()
    await unnoticed(stack.url, 'reboot balancer', async () => {
      const { stdout } = await stack.run('reboot', 'balancer')
      const order = [...stdout.matchAll(/^✔ (lb-\d) {2}restarted/gm)].map(([, name]) => name)
      expect(order.at(-1)).toBe(balancer.holder)
      expect(order).toHaveLength(2)
    })
    await stack.expectNothingToDo()
  })

  it('says that a lab has no way to Debian, before anything is touched', async () => {
    const { code, stderr } = await stack.attempt('upgrade', 'web')
    expect(code).toBe(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain("Debian's packages cannot be reached from web-1, web-2")
    expect((await stack.status()).drained).toEqual([])
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { LabStack } from '../support/lab-stack.ts'
import { unnoticed } from '../support/unnoticed.ts'

/** A stack without a single point of failure, any server of which is taken out of service. */
export function describeDrains(stack: LabStack): void {
  describe('servers taken out of service and put back', () => {
    it.each([
      ['a web server', () => Promise.resolve('web-1')],
      ['an app server', () => Promise.resolve('app-1')],
      ['the balancer that holds the address', async () => (await stack.status()).balancer.holder!],
      ['the primary', async () => (await stack.status()).database.leader!],
    ])('drains %s and puts it back, and nobody notices', async (what, find) => {
      const name = await find()
      await unnoticed(stack.url, what, async () => {
        expect((await stack.run('drain', name)).stdout).toContain('drained and free')
        const report = await stack.status()
        expect(report.servers.find((server) => server.name === name)?.state).toBe('drained')
        expect([report.state, report.drained], JSON.stringify(report)).toEqual(['well', [name]])
        expect([report.balancer.holder, report.database.leader]).not.toContain(name)
        await stack.expectNothingToDo()
        await stack.run('undrain', name)
      })
      expect(await stack.stateOf(name)).toBe('well')
    })

    it('refuses to take the last one, and says why', async () => {
      await stack.run('drain', 'web-1')
      const { code, stderr } = await stack.attempt('drain', 'web-2')
      expect(code).toBe(1)
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain('web-2 is the only web server that serves')
      expect((await fetch(stack.url)).status).toBe(200)
      await stack.run('undrain', 'web-1')
    })

    it('runs nothing of the app on a drained server, and lets what is open there end first', async () => {
      const slow = Array.from({ length: 6 }, () => fetch(`${stack.url}/slow?ms=4000`))
      await sleep(500)
      await stack.run('drain', 'app-2')
      expect(await Promise.all(slow.map(async (answer) => (await answer).status))).toEqual(Array(6).fill(200))
      expect(await stack.on('app-2', 'pgrep -fc [s]erver.js || true')).toBe('0')
      await stack.run('undrain', 'app-2')
    })

    it('goes on with a drain that was killed', async () => {
      const killed = stack.project.start('drain', 'app-1', '--lab', '--yes')
      await killed.said('Wave 2 of')
      await killed.kill()
      expect((await stack.run('drain', 'app-1')).stdout).toContain('free')
      expect((await stack.status()).state).toBe('well')
      await stack.run('undrain', 'app-1')
    })
  })
}

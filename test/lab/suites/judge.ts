import { describe, expect, it } from 'vitest'
import type { LabStack } from '../support/lab-stack.ts'
import { unnoticed } from '../support/unnoticed.ts'

const good = "start: 'node server.js'"
/** Listens on a port of its own beside `$PORT`, and ends where somebody else has it. */
const second = `start: \`node --import "data:text/javascript,import net from 'node:net';net.createServer().listen(9090)" server.js\``

/** Apps that serve when they are asked on their own server, and nobody else. One single app server; the start command alone changes. */
export function describeJudging(stack: LabStack): void {
  describe('a release is judged by what its callers ask', () => {
    const said = async (...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> => {
      const { code, stdout, stderr } = await stack.attempt(...words)
      return { code, said: `${stdout}${stderr}`.replaceAll(/\s+/g, ' ') }
    }
    /** Deploys with another start command while visitors come: it fails in these words, and nobody notices. */
    async function fails(what: string, start: string, words: string): Promise<void> {
      await stack.project.edit(good, start)
      try {
        await unnoticed(stack.url, what, async () => {
          const deployed = await said('deploy', '--same')
          expect(deployed.code, deployed.said).toBe(1)
          expect(deployed.said).toContain(words)
          expect(deployed.said).toMatch(/it was rolled back: all app servers run \S+; visitors are served/)
        })
      } finally {
        await stack.project.edit(start, good)
      }
      expect((await stack.status()).visitors).toMatchObject({ isServed: true, isWell: true })
    }

    it('waits less long for those that never come up', () => stack.project.edit('startTimeout: 15', 'startTimeout: 8'))

    it('names the only address on which an app listens', () =>
      fails('an app on 127.0.0.1', "start: 'HOST=127.0.0.1 node server.js'", 'it listens on 127.0.0.1 only, at port'))

    it('names the fixed port on which it listens', () =>
      fails('an app on a fixed port', "start: 'PORT=8080 node server.js'", 'it listens on port 8080, not on $PORT'))

    it('knows an app that goes into the background', () =>
      fails('an app in the background', "start: 'node server.js & sleep 0.3'", 'it went into the background'))

    it('asks a web server whether it reaches the new slot, while the old one serves', async () => {
      const { address } = (await stack.status()).servers.find(({ name }) => name === 'web-1')!
      // What serves is reached by connections that are there; whichever slot is free is closed to new ones.
      await stack.on(
        'app-1',
        `port=$(ss -Hltn | grep -q ':3000 ' && echo 3100 || echo 3000); nft add table ip closed
         nft add chain ip closed input '{ type filter hook input priority -50; }'
         nft add rule ip closed input tcp dport $port ip saddr ${address} drop`,
      )
      await fails('a port that is closed to the web server', "start: 'exec node server.js'", 'web-1: GET /up on port')
      await stack.on('app-1', 'nft delete table ip closed')
    })

    it('warns of a second port, and names it when the next release cannot have it', async () => {
      await stack.project.edit(good, second)
      const first = await said('deploy', '--same')
      expect(first.code, first.said).toBe(0)
      expect(first.said).toContain('the app listens on port 9090, too')
      const again = await said('deploy')
      expect(again.code, again.said).toBe(1)
      expect(again.said).toMatch(/it wants port 9090, which is held by the release in slot (blue|green)/)
    })

    it('is well again with the app as it was', async () => {
      await stack.project.edit(second, good)
      // The old slot holds the port, and the new one does not want it.
      await unnoticed(stack.url, 'the app as it was', async () => void (await stack.run('deploy', '--same')))
      await stack.expectNothingToDo()
    })
  })
}

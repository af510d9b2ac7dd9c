import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { LabStack } from '../support/lab-stack.ts'
import { lostWrites } from '../support/load/lost-writes.ts'
import { unnoticed } from '../support/unnoticed.ts'

interface ListedLab {
  readonly name: string
  readonly servers: readonly { readonly name: string }[]
}

/** The app's tier, from one server to two and back. */
export function describeScaling(stack: LabStack): void {
  describe('tiers grow and shrink under load', () => {
    const config = (): Promise<string> => readFile(join(stack.project.folder, 'trimaran.config.ts'), 'utf8')
    const servers = async (): Promise<readonly string[]> => {
      const labs = (JSON.parse((await stack.project.trimaran('lab', 'list', '--json')).stdout) as { labs: ListedLab[] })
        .labs
      return labs.find(({ name }) => name === stack.project.name)!.servers.map(({ name }) => name)
    }
    /** Changes the tier while visitors come: nobody notices, no write is lost, and the next `up` has nothing to do. */
    async function changes(what: string, work: () => Promise<void>): Promise<void> {
      const report = await unnoticed(stack.url, what, async () => {
        await work()
        await sleep(2000)
      })
      expect(await lostWrites(stack.project, report)).toEqual([])
      await stack.expectNothingToDo()
    }
    const scale = (...words: readonly string[]) => stack.run('scale', ...words)

    it('leaves file and lab as they were when nobody says yes', async () => {
      const [before, there] = [await config(), await servers()]
      const { code } = await stack.project.trimaran('scale', 'app', '2', '--lab')
      expect(code).toBe(2)
      expect(await config()).toBe(before)
      expect(await servers()).toEqual(there)
    })

    it('grows the app, in the file and in fact', async () => {
      await changes('scale app 2', async () => void (await scale('app', '2')))
      expect(await config()).toContain('servers: 2,')
      expect(await servers()).toContain('app-2')
    })

    it('goes on where it was killed, and a long request on the server that leaves gets its answer', async () => {
      await changes('scale app 1, killed in the middle', async () => {
        const slow = Array.from({ length: 4 }, () => fetch(`${stack.url}/slow?ms=9000`).then(({ status }) => status))
        const killed = stack.project.start('scale', 'app', '1', '--lab', '--yes')
        await killed.said('Wave 2 of')
        await killed.kill()
        await scale('app', '1')
        expect(await Promise.all(slow)).toEqual([200, 200, 200, 200])
      })
      expect(await servers()).not.toContain('app-2')
    })
  })
}

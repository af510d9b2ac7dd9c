import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from './lab-possible.ts'
import { lostWrites } from './support/load/lost-writes.ts'
import { makeProject, type Project } from './support/project.ts'
import { unnoticed } from './support/unnoticed.ts'

interface ListedLab {
  readonly name: string
  readonly servers: readonly { readonly name: string }[]
}

describe.skipIf(!labPossible)(`tiers grow and shrink under load${whySkipped}`, () => {
  let project: Project
  let url: string

  beforeAll(async () => {
    project = await makeProject('tscale')
    await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
    await project.trimaran('up', '--lab', '--yes')
    const { stdout } = await project.trimaran('status', '--lab', '--json')
    url = `http://${(JSON.parse(stdout) as { address: string }).address}`
  })
  afterAll(async () => {
    await project?.remove()
  })

  const config = (): Promise<string> => readFile(join(project.folder, 'trimaran.config.ts'), 'utf8')
  const servers = async (): Promise<readonly string[]> => {
    const labs = JSON.parse((await project.trimaran('lab', 'list', '--json')).stdout) as ListedLab[]
    return labs.find(({ name }) => name === project.name)!.servers.map(({ name }) => name)
  }
  /** Changes the tier while visitors come: nobody notices, no write is lost, and the next `up` has nothing to do. */
  async function changes(what: string, work: () => Promise<void>): Promise<void> {
    const report = await unnoticed(url, what, async () => {
      await work()
      await sleep(2000)
    })
    expect(await lostWrites(project, report)).toEqual([])
    expect((await project.trimaran('up', '--lab', '--yes')).stdout).toContain('nothing to do')
  }
  async function scale(...words: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await project.trimaran('scale', ...words, '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
  }

  it('leaves file and lab as they were when nobody says yes', async () => {
    const [before, there] = [await config(), await servers()]
    const { code } = await project.trimaran('scale', 'app', '2', '--lab')
    expect(code).toBe(2)
    expect(await config()).toBe(before)
    expect(await servers()).toEqual(there)
  })

  it('grows the app, in the file and in fact', async () => {
    await changes('scale app 2', () => scale('app', '2'))
    expect(await config()).toContain('servers: 2,')
    expect(await servers()).toContain('app-2')
  })

  it('goes on where it was killed, and a long request on the server that leaves gets its answer', async () => {
    await changes('scale app 1, killed in the middle', async () => {
      const slow = Array.from({ length: 4 }, () => fetch(`${url}/slow?ms=9000`).then(({ status }) => status))
      const killed = project.start('scale', 'app', '1', '--lab', '--yes')
      await killed.said('Wave 2 of')
      await killed.kill()
      await scale('app', '1')
      expect(await Promise.all(slow)).toEqual([200, 200, 200, 200])
    })
    expect(await servers()).not.toContain('app-2')
  })
})

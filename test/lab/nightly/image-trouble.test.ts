import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeProject, type Project } from '../support/project.ts'

/** An image is there whole or not at all, whatever became of its download. */
describe.skipIf(!labPossible)(`the image of lab servers, when its download ends too early${whySkipped}`, () => {
  let cache: string
  let project: Project

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'trimaran-cache-'))
    process.env['TRIMARAN_CACHE'] = cache
    project = await makeProject('tbad-image')
  })
  afterAll(async () => {
    delete process.env['TRIMARAN_CACHE']
    delete process.env['TRIMARAN_MIRROR']
    await project?.remove()
    await rm(cache, { recursive: true, force: true })
  })

  const images = (): Promise<readonly string[]> => readdir(join(cache, 'images')).catch(() => [])

  it('killed in the middle: nothing of it goes on, and nothing of it is taken for an image', async () => {
    const running = project.start('lab', 'up')
    await until(async () => {
      const [partial] = await images()
      if (partial === undefined) return false
      const archives = join(cache, 'images', partial, 'root/var/cache/apt/archives')
      return (await readdir(archives).catch(() => [])).filter((name) => name.endsWith('.deb')).length > 5
    })
    await running.kill()
    expect((await images()).every((name) => name.endsWith('.partial'))).toBe(true)
    await until(async () => (await processesAbout(cache)).length === 0)
  })

  it('no way to the mirror: says so, and the next run has a clean start', async () => {
    process.env['TRIMARAN_MIRROR'] = 'http://198.18.255.1/debian'
    const { code, stdout, stderr } = await project.trimaran('lab', 'up')
    if (process.env['TROUBLE_LOG'] !== undefined) process.stdout.write(stdout + stderr)
    expect(code).toBe(1)
    expect(stderr).toContain('TRI-LAB-002')
    expect(stderr).toContain('198.18.255.1')
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('Nothing incomplete was kept')
    expect(await images()).toEqual([])
    expect((await project.trimaran('lab', 'list')).stdout).not.toContain(project.name)
  })
})

/** Processes that name the folder in their command line. */
async function processesAbout(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return commands.filter((command) => command.includes(folder))
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo()) return
    await sleep(100)
  }
  throw new Error('not so within a minute')
}

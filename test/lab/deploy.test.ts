import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from './lab-possible.ts'
import { makeProject, type Project } from './support/project.ts'
import type { Ran } from './support/run-program.ts'
import { unnoticed } from './support/unnoticed.ts'

interface Listed {
  readonly release: string
  readonly isCurrent: boolean
}

/** Releases of an app that has one single server, while visitors read and write. The steps build on one another. */
describe.skipIf(!labPossible)(`releases that nobody notices${whySkipped}`, () => {
  let project: Project
  let url: string

  beforeAll(async () => {
    project = await makeProject('tdeploy')
    await project.edit("start: 'node server.js',", "start: 'node server.js',\n    startTimeout: 15,")
    await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
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
  const listed = async (): Promise<readonly Listed[]> => {
    const { stdout } = await project.trimaran('releases', '--lab', '--json')
    return (JSON.parse(stdout) as { readonly releases: readonly Listed[] }).releases
  }
  const current = async (): Promise<string> => (await listed()).find(({ isCurrent }) => isCurrent)!.release
  const serve = (path: string, text: string): Promise<void> => writeFile(join(project.folder, 'public', path), text)

  it('deploys several times in a row, and goes back', async () => {
    const first = await current()
    await unnoticed(url, 'three deploys and a way back', async () => {
      for (const text of ['one', 'two', 'three']) {
        await serve('version.txt', text)
        await serve(`version-${text}-1a2b3c4d.txt`, text)
        await run('deploy')
        expect(await (await fetch(`${url}/version.txt`)).text()).toBe(text)
      }
      await run('rollback')
      expect(await (await fetch(`${url}/version.txt`)).text()).toBe('two')
    })
    // What a page that was opened before names is still found.
    expect(await (await fetch(`${url}/version-one-1a2b3c4d.txt`)).text()).toBe('one')
    expect((await listed()).map(({ release }) => release)).toContain(first)
    expect((await run('up')).stdout).toContain('nothing to do')
  })

  it('takes everything back when the new release never becomes well', async () => {
    const before = await current()
    const server = join(project.folder, 'server.js')
    const good = await readFile(server, 'utf8')
    await writeFile(server, 'console.log("cannot go on: no sails"); process.exit(1)\n')
    await unnoticed(url, 'a deploy that does not come up', async () => {
      const { code, stdout, stderr } = await attempt('deploy')
      expect(code).toBe(1)
      expect(stdout + stderr).toContain('cannot go on: no sails')
      expect(stderr).toContain('TRI-DEPLOY-001')
    })
    expect(await current()).toBe(before)
    expect((await run('up')).stdout).toContain('nothing to do')
    await writeFile(server, good)
  })

  it('changes nothing when the release command fails, and runs it once where it works', async () => {
    const before = await current()
    await project.edit(
      "start: 'node server.js',",
      "start: 'node server.js',\n    release: 'echo no such table; exit 3',",
    )
    const { code, stdout, stderr } = await attempt('deploy')
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('no such table')
    expect(await current()).toBe(before)
    await project.edit("release: 'echo no such table; exit 3'", "release: 'echo $TRIMARAN_RELEASE >>/tmp/released'")
    await run('deploy')
    expect(await current()).not.toBe(before)
  })

  it('goes on, or back, after it was killed in the middle', async () => {
    await unnoticed(url, 'a deploy that is killed', async () => {
      const killed = project.start('deploy', '--lab', '--yes')
      await killed.said('Wave 2 of')
      await killed.kill()
      await run('deploy')
    })
    expect((await run('up')).stdout).toContain('nothing to do')
  })

  it('changes the environment without a build', async () => {
    await project.edit("start: 'node server.js',", "start: 'node server.js',\n    env: { GREETING: 'ahoy' },")
    const before = await current()
    await unnoticed(url, 'another environment', async () => {
      await run('deploy', '--same')
    })
    expect(await current()).toBe(before)
    const { stdout } = await project.trimaran('exec', '--app', '--lab', '--', 'echo "$GREETING" as $(id -un)')
    expect(stdout.trim()).toBe('ahoy as app')
  })

  it('tells who did all that', async () => {
    const { stdout } = await project.trimaran('history', '--lab', '--json')
    for (const verb of ['up', 'deploy', 'deploy, rolled back', 'rollback']) expect(stdout).toContain(`"${verb}"`)
  })
})

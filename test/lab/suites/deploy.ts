import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LabStack } from '../support/lab-stack.ts'
import { unnoticed } from '../support/unnoticed.ts'

interface Listed {
  readonly release: string
  readonly isCurrent: boolean
}

/** Releases of an app that has one single server and a `startTimeout` of 15, while visitors read and write. */
export function describeDeploys(stack: LabStack): void {
  describe('releases that nobody notices', () => {
    const listed = async (): Promise<readonly Listed[]> => {
      const { stdout } = await stack.project.trimaran('releases', '--lab', '--json')
      return (JSON.parse(stdout) as { readonly releases: readonly Listed[] }).releases
    }
    const current = async (): Promise<string> => (await listed()).find(({ isCurrent }) => isCurrent)!.release
    const serve = (path: string, text: string): Promise<void> =>
      writeFile(join(stack.project.folder, 'public', path), text)

    it('deploys several times in a row, and goes back', async () => {
      const first = await current()
      await unnoticed(stack.url, 'three deploys and a way back', async () => {
        for (const text of ['one', 'two', 'three']) {
          await serve('version.txt', text)
          await serve(`version-${text}-1a2b3c4d.txt`, text)
          await stack.run('deploy')
          expect(await (await fetch(`${stack.url}/version.txt`)).text()).toBe(text)
        }
        await stack.run('rollback')
        expect(await (await fetch(`${stack.url}/version.txt`)).text()).toBe('two')
      })
      // What a page that was opened before names is still found.
      expect(await (await fetch(`${stack.url}/version-one-1a2b3c4d.txt`)).text()).toBe('one')
      expect((await listed()).map(({ release }) => release)).toContain(first)
      await stack.expectNothingToDo()
    })

    it('takes everything back when the new release never becomes well', async () => {
      const before = await current()
      const server = join(stack.project.folder, 'server.js')
      const good = await readFile(server, 'utf8')
      await writeFile(server, 'console.log("cannot go on: no sails"); process.exit(1)\n')
      await unnoticed(stack.url, 'a deploy that does not come up', async () => {
        const { code, stdout, stderr } = await stack.attempt('deploy')
        expect(code).toBe(1)
        expect(stdout + stderr).toContain('cannot go on: no sails')
        expect(stderr).toContain('TRI-DEPLOY-001')
      })
      expect(await current()).toBe(before)
      await stack.expectNothingToDo()
      await writeFile(server, good)
    })

    it('changes nothing when the release command fails, and runs it once where it works', async () => {
      const before = await current()
      await stack.project.edit(
        "start: 'node server.js',",
        "start: 'node server.js',\n    release: 'echo no such table; exit 3',",
      )
      const { code, stdout, stderr } = await stack.attempt('deploy')
      expect(code).toBe(1)
      expect(stdout + stderr).toContain('no such table')
      expect(await current()).toBe(before)
      await stack.project.edit(
        "release: 'echo no such table; exit 3'",
        "release: 'echo $TRIMARAN_RELEASE >>/tmp/released'",
      )
      await stack.run('deploy')
      expect(await current()).not.toBe(before)
    })

    it('goes on, or back, after it was killed in the middle', async () => {
      await unnoticed(stack.url, 'a deploy that is killed', async () => {
        const killed = stack.project.start('deploy', '--lab', '--yes')
        await killed.said('Wave 2 of')
        await killed.kill()
        await stack.run('deploy')
      })
      await stack.expectNothingToDo()
    })

    it('changes the environment without a build', async () => {
      await stack.project.edit("start: 'node server.js',", "start: 'node server.js',\n    env: { GREETING: 'ahoy' },")
      const before = await current()
      await unnoticed(stack.url, 'another environment', async () => {
        await stack.run('deploy', '--same')
      })
      expect(await current()).toBe(before)
      const { stdout } = await stack.project.trimaran('exec', '--app', '--lab', '--', 'echo "$GREETING" as $(id -un)')
      expect(stdout.trim()).toBe('ahoy as app')
    })

    it('tells who did all that', async () => {
      const { stdout } = await stack.project.trimaran('history', '--lab', '--json', '--lines', '60')
      for (const verb of ['up', 'deploy', 'deploy, rolled back', 'rollback']) expect(stdout).toContain(`"${verb}"`)
    })
  })
}

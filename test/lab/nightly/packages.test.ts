import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { useLabStack } from '../support/lab-stack.ts'
import type { Project } from '../support/project.ts'

const server = `
import { spawnSync } from 'node:child_process'
import http from 'node:http'
http.createServer((request, response) => {
  if (request.url === '/up') return response.end('well')
  response.end(String(spawnSync('jq', ['-n', '1 + 1']).stdout ?? 'no jq'))
}).listen(process.env.PORT)
process.on('SIGTERM', () => process.exit(0))
`

/** The config of two app servers with these Debian packages. */
const write = ({ folder, name }: Project, ...packages: readonly string[]): Promise<void> =>
  writeFile(
    join(folder, 'trimaran.config.ts'),
    `import { defineStack } from 'trimaran'
export default defineStack({
  name: '${name}',
  balancer: { servers: 1 },
  web: { servers: 1 },
  app: { servers: 2, start: 'node server.js', health: '/up', runtime: { node: '24', packages: ${JSON.stringify(packages)} } },
})
`.replace(', packages: []', ''),
  )

/** Lab servers have no way to a mirror, and those that run lie over an image without the packages. */
describe.skipIf(!labPossible)(`packages that a running lab gets${whySkipped}`, () => {
  const stack = useLabStack('tpackages', async (project) => {
    await writeFile(join(project.folder, 'server.js'), server)
    await write(project)
  })
  const { attempt, expectNothingToDo, on, run } = stack
  const ask = async (): Promise<string> => await (await fetch(`${stack.url}/`)).text()

  it('refuses a package that Debian does not have, and changes nothing', async () => {
    expect(await ask()).toBe('no jq')
    await write(stack.project, 'no-such-package')
    const { code, stderr } = await attempt('up')
    expect([code, stderr]).toEqual([1, expect.stringContaining('Debian 13 has no package no-such-package')])
    expect(stderr).toContain('TRI-LAB-006')
    expect(await on('app-1', 'ls /var/lib/lab-archive 2>&1')).toContain('No such file')
  })

  it('installs one with all that it needs, on the servers that run', async () => {
    await write(stack.project, 'jq')
    const before = await on('app-1', 'cat /proc/1/stat')
    await run('up')
    expect((await ask()).trim()).toBe('2')
    for (const name of ['app-1', 'app-2'])
      expect(await on(name, "dpkg-query -W -f '${db:Status-Status}' libjq1")).toBe('installed')
    expect(await on('web-1', 'ls /var/lib/lab-archive 2>&1')).toContain('No such file')
    expect((await on('app-1', 'cat /proc/1/stat')).split(' ')[21]).toBe(before.split(' ')[21])
    await expectNothingToDo()
  })

  it('brings the next one with a deploy, too', async () => {
    await write(stack.project, 'jq', 'hello')
    await run('deploy')
    expect(await on('app-2', 'hello')).toBe('Hello, world!')
    await expectNothingToDo()
  })
})

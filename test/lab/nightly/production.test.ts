import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatusReport } from '../../../src/status/summarise.ts'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { bootForeignServers, type ForeignServers, makeSiteProject } from '../support/foreign-servers.ts'
import type { Project } from '../support/project.ts'

/** As in production: servers of somebody else's making, known by their SSH destinations alone, and no `--lab` anywhere. */
describe.skipIf(!labPossible)(`the same stack on servers that SSH reaches${whySkipped}`, () => {
  let foreign: ForeignServers
  let project: Project
  let url: string

  beforeAll(async () => {
    foreign = await bootForeignServers({
      title: 'tsite-hosts',
      servers: { alpha: 51, beta: 52, gamma: 53, delta: 54, epsilon: 55 },
    })
    await foreign.on(
      'gamma',
      `useradd -m -s /bin/bash deploy && echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/deploy &&
       install -d -o deploy -g deploy -m 0700 ~deploy/.ssh && install -o deploy -g deploy -m 0600 /root/.ssh/authorized_keys ~deploy/.ssh/`,
    )
    project = await makeSiteProject(foreign, {
      title: 'tsite',
      balancer: ['alpha', `root@${foreign.addressOf(52)}`],
      web: ['deploy@gamma'],
      app: ['delta'],
      database: ['epsilon'],
      virtualAddress: `${foreign.addressOf(60)}/24`,
    })
    url = `http://${foreign.addressOf(60)}`
  })
  afterAll(async () => {
    await project?.remove()
    await foreign?.remove()
  })

  it('is looked at before anything is changed', async () => {
    const { code, stdout, stderr } = await project.trimaran('check')
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toContain('web-1 is a single point of failure')
    expect(await foreign.on('gamma', 'ls /var/lib/trimaran 2>&1 || true')).toContain('No such file')
  })

  it('names a virtual address that cannot be in their network', async () => {
    await project.edit(foreign.addressOf(60), '198.19.250.10')
    for (const verb of ['check', 'up']) {
      const { code, stdout, stderr } = await project.trimaran(verb, ...(verb === 'up' ? ['--yes'] : []))
      expect(code).toBe(1)
      expect(stdout + stderr).toContain('the virtual address 198.19.250.10 is not in its network')
    }
    await project.edit('198.19.250.10', foreign.addressOf(60))
  })

  it('comes up, answers at its address through every tier, and then has nothing to do', async () => {
    const { code, stdout, stderr, milliseconds } = await project.trimaran('up', '--yes')
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toContain(`answers (200) at ${url}`)
    const where = (await (await fetch(`${url}/api/where`)).json()) as Record<string, string>
    // Every tier goes by the name that it has in the stack, whatever the server calls itself.
    expect(where).toMatchObject({ web: 'web-1', app: 'app-1', database: 'db-1', databaseRole: 'primary' })
    const again = await project.trimaran('up', '--yes')
    expect(again.stdout + again.stderr).toContain('nothing to do')
    process.stdout.write(`first up ${Math.round(milliseconds)} ms, second ${Math.round(again.milliseconds)} ms\n`)
  })

  it('remembers the addresses that it learned from the servers themselves', async () => {
    const file = join(project.folder, '.trimaran', 'servers.production.json')
    const known = JSON.parse(await readFile(file, 'utf8')) as { name: string; destination: string; address: string }[]
    expect(known.map(({ name, destination, address }) => [name, destination, address])).toEqual([
      ['lb-1', 'alpha', foreign.addressOf(51)],
      ['lb-2', `root@${foreign.addressOf(52)}`, foreign.addressOf(52)],
      ['web-1', 'deploy@gamma', foreign.addressOf(53)],
      ['app-1', 'delta', foreign.addressOf(54)],
      ['db-1', 'epsilon', foreign.addressOf(55)],
    ])
  })

  it('is well', async () => {
    const { code, stdout } = await project.trimaran('status', '--json')
    expect(code, stdout).toBe(0)
    const report = JSON.parse(stdout) as StatusReport
    expect(report).toMatchObject({
      stack: project.name,
      state: 'well',
      address: foreign.addressOf(60),
      database: { leader: 'db-1' },
    })
  })

  it('names and skips a server that is off, and changes the others', async () => {
    const { holder } = (JSON.parse((await project.trimaran('status', '--json')).stdout) as StatusReport).balancer
    const [off, name] = holder === 'lb-1' ? (['beta', 'lb-2'] as const) : (['alpha', 'lb-1'] as const)
    await foreign.powerOff(off)
    await foreign.on('gamma', 'echo "# by hand" >>/etc/nginx/nginx.conf')
    const { code, stdout, stderr } = await project.trimaran('up', '--yes')
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toContain(`${name} is unreachable`)
    expect(await foreign.on('gamma', 'grep -c "by hand" /etc/nginx/nginx.conf || true')).toBe('0')
    const status = await project.trimaran('status', '--json')
    expect(status.code).toBe(4)
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'degraded' })
    await foreign.powerOn(off)
    const back = await project.trimaran('up', '--yes')
    expect(back.code, back.stdout + back.stderr).toBe(0)
  })

  it('goes from its servers', async () => {
    const { code, stdout, stderr } = await project.trimaran('down', '--yes')
    expect(code, stdout + stderr).toBe(0)
    expect(await foreign.on('gamma', 'cat /var/lib/trimaran/manifest')).toBe('')
    await expect(fetch(url, { signal: AbortSignal.timeout(2000) })).rejects.toThrow()
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { bootForeignServers, type ForeignServers, makeSiteProject } from '../support/foreign-servers.ts'
import type { Project } from '../support/project.ts'
import { unnoticed } from '../support/unnoticed.ts'

/** Servers of one's own: a place in the file goes from one machine to another. */
describe.skipIf(!labPossible)(`a server's place goes to another machine${whySkipped}`, () => {
  let foreign: ForeignServers
  let project: Project
  let url = ''

  beforeAll(async () => {
    const servers = { alpha: 51, beta: 52, gamma: 53, delta: 54, epsilon: 55, spare: 56 }
    foreign = await bootForeignServers({ title: 'tplace-hosts', servers })
    project = await makeSiteProject(foreign, {
      title: 'tplace',
      balancer: ['alpha'],
      web: ['beta', 'gamma'],
      app: ['delta'],
      database: ['epsilon'],
    })
  })
  afterAll(async () => {
    await project?.remove()
    await foreign?.remove()
  })

  const run = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await project.trimaran(...words)
    expect(code, stdout + stderr).toBe(0)
    return stdout
  }
  const refused = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await project.trimaran(...words)
    expect(code, stdout + stderr).not.toBe(0)
    return (stdout + stderr).replaceAll(/\s+/g, ' ')
  }
  it('refuses what would leave nobody, an unreachable machine, and the machine that it is already', async () => {
    url = /http:\/\/[\d.]+/.exec(await run('up', '--yes'))![0]
    expect(await refused('replace', 'app-1', 'spare', '--yes')).toContain('is the only app server')
    expect(await refused('replace', 'web-2', 'nowhere', '--yes')).toContain('nowhere')
    expect(await refused('replace', 'web-2', 'gamma', '--yes')).toContain('is already the machine of web-2')
    expect(await refused('replace', 'web-2', '--yes')).toContain('web-2 is already')
    expect(await run('plan')).toContain('nothing to do')
  })

  it('of one that lives: it is cleared first, and nobody notices', async () => {
    await unnoticed(url, 'replace web-2, which lives', async () => {
      expect(await run('replace', 'web-2', 'spare', '--yes')).toContain('web-2 is a new machine')
    })
    expect(await foreign.on('gamma', 'systemctl is-active nginx || true')).toBe('inactive')
    expect(await foreign.on('gamma', 'cat /var/lib/trimaran/manifest 2>/dev/null || true')).toBe('')
    expect(await run('plan')).toContain('nothing to do')
  })

  it('of one that is dead, although the file was edited by hand, and not by an up of that file', async () => {
    await foreign.powerOff('spare')
    await project.edit("'spare'", "'gamma'")
    expect(await refused('up', '--yes')).toContain('trimaran replace web-2')
    await unnoticed(url, 'replace web-2, which is dead', async () => {
      expect(await run('replace', 'web-2', '--yes')).toContain('Keep the old one off')
    })
    expect(await run('plan')).toContain('nothing to do')
    expect(await run('up', '--yes')).toContain('nothing to do')
  })

  it('not while a neighbour hears it', async () => {
    await foreign.powerOn('spare')
    const operator = foreign.addressOf(1)
    const deaf = `table inet deaf { chain in { type filter hook input priority -10; ip saddr ${operator} drop; }; }`
    await foreign.on('gamma', `systemd-run --quiet --no-block sh -c "sleep 1; nft '${deaf}'"`)
    await sleep(3000)
    expect(await refused('replace', 'web-2', 'spare', '--yes')).toContain('reach it: two machines would act')
  })
})

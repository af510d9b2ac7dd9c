import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { bootForeignServers, type ForeignServers, makeSiteProject } from '../support/foreign-servers.ts'
import type { Project } from '../support/project.ts'

/** What each server is to run once it is set up, beside what a plain Debian ran before. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  north: ['chrony', 'haproxy', 'journal traffic', 'keepalived'],
  east: ['chrony', 'haproxy', 'journal traffic', 'nginx', 'trimaran-firewall'],
  south: [
    'app-green-web@3100',
    'chrony',
    'haproxy',
    'journal app',
    'journal traffic',
    'trimaran-app-reach',
    'trimaran-firewall',
  ],
  west: ['chrony', 'etcd', 'journal traffic', 'patroni', 'trimaran-firewall'],
}

/** The one test that reaches out: servers fresh from the installer fetch Debian's packages, as production servers do. */
describe.skipIf(!labPossible)(`servers with nothing but Debian on them${whySkipped}`, () => {
  let foreign: ForeignServers
  let project: Project
  const before: Record<string, readonly string[]> = {}
  const servers = Object.keys(wanted)

  beforeAll(async () => {
    foreign = await bootForeignServers({
      title: 'tbare-hosts',
      servers: { north: 71, east: 72, south: 73, west: 74 },
      bare: true,
    })
    project = await makeSiteProject(foreign, {
      title: 'tbare',
      balancer: ['north'],
      web: ['east'],
      app: ['south'],
      database: ['west'],
      virtualAddress: `${foreign.addressOf(70)}/24`,
    })
    for (const server of servers) before[server] = await running(server)
  })
  afterAll(async () => {
    await project?.remove()
    await foreign?.remove()
  })

  const running = async (server: string): Promise<readonly string[]> =>
    (
      await foreign.on(
        server,
        'systemctl list-units --type=service,socket,timer,path --state=active --no-legend --plain | cut -d" " -f1',
      )
    ).split('\n')
  /** A journal store counts once: its service ends when nobody writes, and its sockets stay. */
  const nameOf = (unit: string): string =>
    unit.replace(/^systemd-journald.*@(.+)\.(service|socket)$/, 'journal $1').replace(/\.service$/, '')
  const onAll = (line: string): Promise<readonly string[]> =>
    Promise.all(servers.map((server) => foreign.on(server, line)))

  it('have none of the packages', async () => {
    expect(
      await onAll('ls /usr/sbin/haproxy /usr/sbin/nginx /usr/bin/patroni /usr/bin/etcd 2>/dev/null || true'),
    ).toEqual(['', '', '', ''])
  })

  it('are set up by one command, packages and all', async () => {
    const { code, stdout, stderr, milliseconds } = await project.trimaran('up', '--yes')
    process.stdout.write(`up on bare servers: ${Math.round(milliseconds / 1000)} s\n`)
    expect(code, stdout + stderr).toBe(0)
    expect((await fetch(`http://${foreign.addressOf(70)}/up`)).status).toBe(200)
  })

  it('have nothing to do the second time', async () => {
    const { stdout, stderr } = await project.trimaran('up', '--yes')
    expect(stdout + stderr).toContain('nothing to do')
  })

  it('run what was asked for, and nothing else that came with a package', async () => {
    for (const server of servers) {
      const more = (await running(server)).filter((unit) => !before[server]!.includes(unit)).map(nameOf)
      expect([...new Set(more)].sort(), server).toEqual(wanted[server])
    }
    expect(await onAll('systemctl --failed --no-legend --plain')).toEqual(['', '', '', ''])
  })

  it('are upgraded, only those to which Debian offers something, and not unasked where visitors notice', async () => {
    // A program of Debian's in a version older than any: what an upgrade is to replace.
    await foreign.on(
      'east',
      `mkdir -p /tmp/old/DEBIAN && cd /tmp && printf 'Package: hello\\nVersion: 0.1\\nArchitecture: all\\nMaintainer: none <none@localhost>\\nDescription: old\\n' >old/DEBIAN/control && dpkg-deb -b old old.deb >/dev/null && dpkg -i old.deb`,
    )
    const refused = await project.trimaran('upgrade', 'all', '--yes')
    expect(refused.stdout + refused.stderr).toContain('hello 0.1 → ')
    expect(refused.stderr.replaceAll(/\s+/g, ' ')).toContain('nobody serves in place of web-1')
    const { code, stdout, stderr } = await project.trimaran('upgrade', 'all', '--yes', '--anyway')
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toContain('web-1  upgraded')
    expect(await foreign.on('east', "dpkg-query -W -f '${Version}' hello")).not.toBe('0.1')
    expect((await fetch(`http://${foreign.addressOf(70)}/up`)).status).toBe(200)
    await foreign.on('east', 'dpkg -P hello; rm -rf /tmp/old /tmp/old.deb')
    expect((await project.trimaran('upgrade', 'all', '--yes')).stdout).toContain('Debian has nothing new')
  })

  it('keep nothing of the installation: no ban on services, no cluster of Debian’s own', async () => {
    expect(await onAll('ls /usr/sbin/policy-rc.d 2>/dev/null || true')).toEqual(['', '', '', ''])
    expect(await foreign.on('west', 'ls /etc/postgresql/17 2>/dev/null || true')).toBe('')
    expect(await onAll('dpkg --audit')).toEqual(['', '', '', ''])
  })
})

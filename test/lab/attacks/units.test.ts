import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeProject, type Project } from '../support/project.ts'
import type { Ran } from '../support/run-program.ts'
import { unnoticed } from '../support/unnoticed.ts'

/** What somebody who broke into the app tries from there. The steps build on one another. */
describe.skipIf(!labPossible)(`a broken-into app stays where it is${whySkipped}`, () => {
  let project: Project
  let url = ''
  let addresses: Readonly<Record<string, string>> = {}

  beforeAll(async () => {
    project = await makeProject('tunits')
    await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
    await project.edit("node: '24'", "node: '24.22.1'")
    await project.edit(
      "start: 'node server.js',",
      "start: 'node server.js',\n    processes: { worker: 'sleep 100000' },",
    )
    const { stdout } = await run('up', '--yes')
    url = /http:\/\/[\d.]+/.exec(stdout)![0]
    const { servers } = JSON.parse((await run('status', '--json')).stdout) as {
      readonly servers: readonly { readonly name: string; readonly address: string }[]
    }
    addresses = Object.fromEntries(servers.map(({ name, address }) => [name, address]))
  }, 600_000)
  afterAll(async () => {
    await project?.remove()
  })

  const run = async (...words: readonly string[]): Promise<Ran> => {
    const ran = await project.trimaran(...words, '--lab')
    expect(ran.code, `${words.join(' ')}\n${ran.stderr}${ran.stdout}`).toBe(0)
    return ran
  }
  /** As the app, and as root beside it. */
  const asApp = (script: string): Promise<Ran> => project.trimaran('exec', '--lab', '--app', '--', script)
  const asRoot = (server: string, script: string): Promise<Ran> =>
    project.trimaran('exec', '--lab', server, '--', script)

  /** Which of these places can be connected to. */
  const knock = (places: readonly string[]): string =>
    places.map((place) => `timeout 2 bash -c '</dev/tcp/${place}' 2>/dev/null && echo ${place}`).join('\n') + '\ntrue'
  const opened = ({ stdout }: Ran): readonly string[] =>
    stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')

  /** By the server that listens there. */
  const closedOn = (): Readonly<Record<string, readonly string[]>> => ({
    'db-1': [2379, 2380, 5432, 8008, 22].map((port) => `${addresses['db-1']}/${port}`),
    'web-1': [80, 22].map((port) => `${addresses['web-1']}/${port}`),
    'lb-1': [`${addresses['lb-1']}/22`],
    'app-1': [
      ...[22, 3500].map((port) => `${addresses['app-1']}/${port}`),
      ...[22, 3500, 8404].map((port) => `127.0.0.1/${port}`),
    ],
  })
  const closed = (): readonly string[] => Object.values(closedOn()).flat()

  it('calls none of the servers, nor what is not for it on its own', async () => {
    // Each of these places is there, for whoever is on its own server.
    for (const [server, places] of Object.entries(closedOn()))
      expect(opened(await asRoot(server, knock(places))), server).toEqual(places)
    expect(opened(await asApp(knock(closed())))).toEqual([])
    // Where a cloud keeps what a server may do.
    expect(opened(await asApp(knock(['169.254.169.254/80'])))).toEqual([])
  })

  it('finds the database, itself and the site as before', async () => {
    const places = ['127.0.0.1/5432', '127.0.0.1/5433', '127.0.0.1/3100', `${url.slice('http://'.length)}/80`]
    expect(opened(await asApp(knock(places)))).toEqual(places)
    expect((await fetch(`${url}/`)).status).toBe(200)
  })

  it('is held by systemd when somebody empties the rules, and by both after the next up', async () => {
    await asRoot('app-1', 'nft flush ruleset')
    // The firewall is back at once, and lets out nothing of the app that its own rules have not passed.
    const away = ['198.51.100.9/80', `${addresses['db-1']}/2379`, `${addresses['web-1']}/22`]
    expect(opened(await asApp(knock(away)))).toEqual([])
    expect((await run('plan')).stdout).toContain('what the app may call')
    await run('up', '--yes')
    expect(opened(await asApp(knock(closed())))).toEqual([])
    expect((await run('up', '--yes')).stdout).toContain('nothing to do')
  })

  it('sees nobody else, makes no namespaces, traces nothing, and writes where it may', async () => {
    const { stdout } = await asApp(
      [
        'unshare --user true 2>/dev/null && echo namespaces',
        `perl -e 'exit(syscall(101, 0, 0, 0, 0) == 0 ? 0 : 1)' && echo traces`,
        '[ -e /proc/1 ] && echo sees the first process',
        'ps -eo user= | sort -u | tr -d " "',
        'touch /srv/app/x /etc/x /usr/x /run/x 2>/dev/null && echo writes',
        'touch /tmp/x ~/x && stat -c %a ~/x && rm ~/x',
        `node -e 'console.log(require("node:os").cpus().length > 0, require("node:child_process").execSync("echo child").toString().trim())'`,
      ].join('\n'),
    )
    expect(stdout.trim().split('\n')).toEqual(['app', '600', 'true child'])
  })

  it('has units that systemd finds confined', async () => {
    const ours = /^(haproxy|nginx|keepalived|patroni|etcd|pgbouncer|trimaran-.*|app-.*)\.service$/
    for (const server of ['lb-1', 'web-1', 'app-1', 'db-1']) {
      const placed = await asRoot(server, 'systemctl list-units --plain --no-legend --state=active --type=service')
      const running = placed.stdout.split('\n').map((line) => line.split(' ')[0] ?? '')
      const { stdout } = await asRoot(server, 'systemd-analyze security --no-pager')
      const scores = stdout.split('\n').flatMap((line) => {
        const [name = '', score = ''] = line.trim().split(/\s+/)
        return ours.test(name) && running.includes(name) ? [{ name, score: Number(score) }] : []
      })
      expect(scores.length).toBeGreaterThan(0)
      for (const { name, score } of scores)
        expect(score, `${server} ${name}`).toBeLessThan(name.startsWith('app-') ? 2 : 4.01)
    }
  })

  it('moves to a newer Node without a lost request', async () => {
    const folders = async (): Promise<string> => (await asRoot('app-1', 'ls /opt/trimaran')).stdout.trim()
    expect(await folders()).toBe('node-24.22.1')
    await project.edit("node: '24.22.1'", "node: '24.22.3'")
    expect((await run('plan')).stdout).toContain('/opt/trimaran/node-24.22.3')
    await unnoticed(url, 'another Node', async () => {
      await run('up', '--yes')
    })
    expect((await asApp('node --version')).stdout.trim()).toBe('v24.22.3')
    expect(
      (
        await asRoot(
          'app-1',
          'readlink /proc/$(systemctl show -p MainPID --value "app-*-web@*.service" | grep -v "^0\\?$" | tail -n 1)/exe',
        )
      ).stdout.trim(),
    ).toBe('/opt/trimaran/node-24.22.3/bin/node')
    expect((await run('up', '--yes')).stdout).toContain('nothing to do')
  })
})

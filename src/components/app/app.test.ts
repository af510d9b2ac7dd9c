import { describe, expect, it } from 'vitest'
import { nodeReleaseFor } from '../../config/values/node-releases.ts'
import { parseConfig } from '../../config/parse-config.ts'
import { identityOf } from '../../resources/kinds.ts'
import type { File } from '../../resources/resource.ts'
import { firstStackState } from '../../stack/stack-state.ts'
import type { Stack } from '../../stack/stack.ts'
import { contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { app } from './index.ts'

const five = fiveServers([app])
const nine = nineServers([app])

/** The five-server stack with other words about the app. */
function withApp(words: Readonly<Record<string, unknown>>): Stack {
  const declared = parseConfig({
    name: 'guestbook',
    balancer: { servers: 2 },
    web: { servers: 1 },
    app: { servers: 1, start: 'node server.js', ...words },
    database: { servers: 1 },
  })
  return { ...five, declared }
}

const filesOf = (stack: Stack): readonly File[] =>
  app.render(contextFor(stack, 'app-1')).filter((resource): resource is File => resource.kind === 'file')

describe('app', () => {
  it('renders its unit and its environment', async () => {
    for (const { path, content } of filesOf(five).filter(({ mode }) => mode !== '0755'))
      await expect(content).toMatchFileSnapshot(`goldens/${path.slice(path.lastIndexOf('/') + 1)}`)
  })

  it('renders what a config may say besides', async () => {
    const packages = ['python3', 'python3-venv']
    const env = { GREETING: 'say "hello", $NAME', NODE_ENV: 'staging' }
    const start = 'python3 -m "my app" --port "$PORT" --title 100%'
    const stack = withApp({ runtime: { packages }, env, start, memory: '256 MB', stopTimeout: 90 })
    for (const name of ['app-blue-web@.service', 'app.env']) {
      const file = filesOf(stack).find(({ path }) => path.endsWith(`/${name}`))!
      await expect(file.content).toMatchFileSnapshot(`goldens/python.${name}`)
    }
    expect(app.render(contextFor(stack, 'app-1'))).toContainEqual({ kind: 'package', name: 'python3-venv' })
  })

  it('lets the app call the hosts that a config lists, and looks up their names alone', async () => {
    const outbound = [
      'smtp.example.com:587',
      '10.9.0.0/16:587',
      'api.example.com:443',
      'api.example.com:8443',
      '10.1.2.3:53',
    ]
    const stack = withApp({ outbound, privateNetworks: ['10.20.0.5'] })
    const changed = ['app-names.conf', 'app-reach.networks', 'app-reach.nft', 'trimaran-app-names.service']
    for (const name of [...changed, 'trimaran-app-reach.service', 'app-blue-web@.service']) {
      const file = filesOf(stack).find(({ path }) => path.endsWith(`/${name}`))!
      await expect(file.content).toMatchFileSnapshot(`goldens/outbound/${name}`)
    }
    const { text } = app.render(contextFor(stack, 'app-1')).find((one) => one.kind === 'condition')!.make
    expect(text).toContain('systemctl restart trimaran-app-names.service')
    expect(app.render(contextFor(stack, 'app-1'))).toContainEqual({ kind: 'package', name: 'dnsmasq-base' })
    expect(app.packagesFor!(stack.declared)).toEqual(['dnsmasq-base'])
    expect(app.listens(serverNamed(stack, 'app-1'), stack)).toContainEqual({
      port: 553,
      unit: 'trimaran-app-names.service',
      reach: 'loopback',
    })
    expect(app.explain(serverNamed(stack, 'app-1'), stack).brings.isolation).toContain(
      'only smtp.example.com:587, 10.9',
    )
  })

  it('looks up no name where none is listed, and closes all that it can', async () => {
    for (const [list, outbound] of Object.entries({ nothing: [], addresses: ['10.1.2.3:5432'] })) {
      const stack = withApp({ outbound })
      for (const name of ['app-reach.networks', 'app-reach.nft']) {
        const file = filesOf(stack).find(({ path }) => path.endsWith(`/${name}`))!
        await expect(file.content).toMatchFileSnapshot(`goldens/outbound/${list}.${name}`)
      }
      expect(filesOf(stack).filter(({ path }) => path.includes('app-names'))).toEqual([])
      expect(app.packagesFor!(stack.declared)).toEqual([])
    }
    const stack = withApp({ outbound: [] })
    const { text } = app.render(contextFor(stack, 'app-1')).find((one) => one.kind === 'condition')!.make
    expect(text).toContain('systemctl stop trimaran-app-names.service')
    expect(app.explain(serverNamed(stack, 'app-1'), stack).brings.isolation).toContain('it may call no host')
  })

  it('closes servers of the stack although a network that is listed has them', () => {
    const rules = filesOf(withApp({ outbound: ['198.18.0.0/24:443'] })).find(({ path }) =>
      path.endsWith('.nft'),
    )!.content
    expect(rules.indexOf('198.18.0.31')).toBeGreaterThan(0)
    expect(rules.indexOf('198.18.0.31')).toBeLessThan(rules.indexOf('ip daddr 198.18.0.0/24'))
  })

  it('shows the folders that the app writes at their place in each release', () => {
    const stack = withApp({ writable: ['storage', 'public/uploads'] })
    const rendered = app.render(contextFor(stack, 'app-1'))
    const folders = rendered.flatMap((one) => (one.kind === 'directory' ? [`${one.owner} ${one.path}`] : []))
    expect(folders.slice(2)).toEqual([
      'root /srv/app/writable',
      'app /srv/app/writable/storage',
      'app /srv/app/writable/public=uploads',
    ])
    const unit = filesOf(stack).find(({ path }) => path.endsWith('/app-green-web@.service'))!.content
    expect(unit).toContain('\nBindPaths=/srv/app/writable/public=uploads:/srv/app/green/public/uploads\n')
    const program = filesOf(stack).find(({ path }) => path.endsWith('/run-in-release'))!.content
    expect(program).toContain(
      '\nWRITABLE=(/srv/app/writable/storage:storage /srv/app/writable/public=uploads:public/uploads)\n',
    )
    const slots = rendered.find((one) => one.kind === 'slots')!
    expect(slots.slots[0].furnish.text).toContain('runuser -u app -- cp -R --update=none')
    expect(app.remarks!(stack)).toEqual([])
    expect(app.remarks!({ ...nine, declared: stack.declared })[0]).toContain(
      'has its own copy of storage, public/uploads',
    )
  })

  it("keeps each of them where no line of the config makes another one root's", () => {
    const pathsFor = (writable: readonly string[]): readonly string[] =>
      app
        .render(contextFor(withApp({ writable }), 'app-1'))
        .flatMap((one) => (one.kind === 'directory' && one.owner === 'app' ? [one.path] : []))
    const narrow = pathsFor(['storage/app', 'storage/logs'])
    expect(narrow).toEqual(['/srv/app/writable/storage=app', '/srv/app/writable/storage=logs'])
    for (const path of [...narrow, ...pathsFor(['storage'])])
      expect(path.slice(0, path.lastIndexOf('/'))).toBe('/srv/app/writable')
  })

  it('fills the folders that the app writes before the release command looks into them', () => {
    const context = contextFor(withApp({ writable: ['storage'], release: 'php artisan migrate' }), 'app-1')
    const rendered = app.render({ ...context, stackState: { ...context.stackState, commandOn: 'app-1' } })
    const { text } = rendered.find((one) => one.kind === 'command')!.run
    expect(text.indexOf('cp -R --update=none')).toBeGreaterThan(0)
    expect(text.indexOf('run-in-release')).toBeGreaterThan(text.indexOf('cp -R --update=none'))
  })

  it('renders programs beside web', async () => {
    const stack = withApp({
      processes: {
        api: { start: 'node api.js', paths: ['/api'], instances: 2, health: '/ready' },
        clock: { start: 'node clock.js', on: 'one' },
        report: { start: 'node report.js', at: 'Mon..Fri 06:30', on: 'one' },
        worker: 'node worker.js',
      },
    })
    for (const { path, content } of filesOf(stack).filter(({ path }) => /green/.test(path)))
      await expect(content).toMatchFileSnapshot(`goldens/processes/${path.slice(path.lastIndexOf('/') + 1)}`)
    expect(app.render(contextFor(stack, 'app-1'))).toContainEqual({ kind: 'package', name: 'postgresql-client-17' })
    const services = app.links(stack).filter(({ from }) => from === 'web')
    expect(services.map(({ service }) => [service?.name, service?.paths, service?.endpoints?.list])).toEqual([
      [
        'app',
        undefined,
        [
          { name: 'blue', copy: 1, port: 3000, readinessPort: 3500 },
          { name: 'green', copy: 1, port: 3100, readinessPort: 3600 },
        ],
      ],
      [
        'app-api',
        ['/api'],
        [
          { name: 'blue', copy: 1, port: 3200, readinessPort: 3700 },
          { name: 'blue-2', copy: 2, port: 3201, readinessPort: 3701 },
          { name: 'green', copy: 1, port: 3300, readinessPort: 3800 },
          { name: 'green-2', copy: 2, port: 3301, readinessPort: 3801 },
        ],
      ],
      [undefined, undefined, undefined],
    ])
    expect(services.map(({ component, ports }) => [component, ...ports])).toEqual([
      ['app', 3000, 3100],
      ['app', 3200, 3201, 3300, 3301],
      ['haproxy', 3500, 3600, 3700, 3701, 3800, 3801],
    ])
  })

  it('keeps secrets from all but root and the app', () => {
    const secrets = filesOf(five).filter(({ content }) => content.includes('secret-of-'))
    expect(secrets.map(({ path, mode, owner, group, secret }) => [path, mode, owner, group, secret])).toEqual([
      ['/etc/trimaran/app.env', '0640', 'root', 'app', true],
    ])
  })

  it('places the runtime for the kind of processor that the server has', () => {
    const trees = app.render(contextFor(five, 'app-1', { architecture: 'arm64' })).filter(({ kind }) => kind === 'tree')
    const { version } = nodeReleaseFor('24')!
    const path = `/opt/trimaran/node-${version}`
    expect(trees[0]).toEqual({ kind: 'tree', path, payload: `node:${version}:arm64`, owner: 'root', isRun: true })
  })

  it('places packages beside a Node', () => {
    const wanted = app
      .render(contextFor(withApp({ runtime: { node: '24.22.3', packages: ['imagemagick'] } }), 'app-1'))
      .map((one) => identityOf(one))
    expect(wanted).toEqual(expect.arrayContaining(['package imagemagick', 'tree /opt/trimaran/node-24.22.3']))
  })

  it('keeps the Node before this one for what still runs with it, and no other', () => {
    const nodes = app
      .render(contextFor(withApp({ runtime: { node: '24.22.3' } }), 'app-1'))
      .flatMap((one) => (one.kind === 'tree' && one.path.startsWith('/opt/') ? [[one.path, one.optional]] : []))
    expect(nodes).toEqual([
      ['/opt/trimaran/node-24.22.3', undefined],
      ['/opt/trimaran/node-24.22.1', true],
    ])
  })

  it('keeps older releases where they are, and does not miss them', () => {
    const stackState = { ...firstStackState('r2'), kept: ['r2', 'r1'] }
    const trees = app.render({ ...contextFor(five, 'app-1'), stackState }).filter(({ kind }) => kind === 'tree')
    const uses = [
      { link: '/srv/app/current' },
      { link: '/srv/app/blue', unit: 'app-blue.target' },
      { link: '/srv/app/green', unit: 'app-green.target' },
    ]
    const both = { kind: 'tree', owner: 'root', isRun: true, uses }
    expect(trees.slice(-2)).toEqual([
      { ...both, path: '/srv/app/releases/r2', payload: 'release:r2' },
      { ...both, path: '/srv/app/releases/r1', payload: 'release:r1', optional: true },
    ])
  })

  it('explains itself for this very stack', () => {
    expect(app.explain(serverNamed(five, 'app-1'), five).whenItDies).toContain('It is the only app server')
    const { whenItDies, brings } = app.explain(serverNamed(nine, 'app-1'), nine)
    expect(whenItDies).toContain('sent again to the other app server')
    expect(brings.redundancy).toBe('Each request can be answered by any of the 2 app servers.')
    const { declared } = withApp({ writable: ['storage'] })
    expect(app.explain(serverNamed(nine, 'app-1'), { ...nine, declared }).brings).toMatchObject({
      redundancy:
        'Each request can be answered by any of the 2 app servers, but for files in storage: each has its own.',
    })
  })
})

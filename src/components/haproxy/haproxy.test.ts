import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { firstStackState } from '../../stack/stack-state.ts'
import type { Stack } from '../../stack/stack.ts'
import { components } from '../index.ts'
import {
  busyServers,
  contextFor,
  fiveServers,
  nineServers,
  serverNamed,
  siteOfFiles,
  withoutDatabase,
} from '../testing/stacks.ts'
import { haproxy } from './index.ts'

const five = fiveServers(components)
const nine = nineServers(components)
const busy = busyServers(components)

const filesOf = (stack: Stack, server: string): ReadonlyMap<string, File> =>
  new Map(
    haproxy
      .render(contextFor(stack, server))
      .flatMap((resource) => (resource.kind === 'file' ? [[resource.path.split('/').at(-1)!, resource]] : [])),
  )
const closed = (allow: readonly string[]) =>
  haproxy
    .render({ ...contextFor(five, 'lb-1'), stackState: { ...firstStackState('a'), maintenance: { allow } } })
    .find((resource): resource is File => resource.kind === 'file' && resource.path.endsWith('haproxy.cfg'))!.content
const configOf = (stack: Stack, server: string): string => filesOf(stack, server).get('haproxy.cfg')!.content

describe('haproxy', () => {
  it.each([
    ['five-servers', five, 'lb-1'],
    ['five-servers', five, 'web-1'],
    ['five-servers', five, 'app-1'],
    ['nine-servers', nine, 'lb-2'],
    ['nine-servers', nine, 'web-1'],
    ['nine-servers', nine, 'app-2'],
    ['busy-servers', busy, 'lb-1'],
    ['busy-servers', busy, 'web-1'],
    ['site', siteOfFiles(components), 'lb-1'],
    ['without-database', withoutDatabase(components), 'app-1'],
  ])('renders %s', async (name, stack, server) => {
    await expect(configOf(stack, server)).toMatchFileSnapshot(`goldens/${name}.${server}.cfg`)
  })

  it.each(['60-trimaran.conf', '503.html', 'maintenance.html', 'errors.map', 'ends.map'])(
    'renders %s',
    async (name) => {
      await expect(filesOf(nine, 'lb-1').get(name)!.content).toMatchFileSnapshot(`goldens/${name}`)
    },
  )

  it('ends the sessions with a database server that is down, on app servers alone', () => {
    const text = filesOf(nine, 'app-1').get('leave-databases.lua')!.content
    expect(text).toContain('local BACKENDS = { "database", "database-replicas" }')
    expect(filesOf(nine, 'web-1').has('leave-databases.lua')).toBe(false)
  })

  it('closes the site for maintenance, but for those who are let in', async () => {
    await expect(closed(['203.0.113.7', '10.0.0.0/8'])).toMatchFileSnapshot('goldens/maintenance.lb-1.cfg')
    expect(closed([])).not.toContain('sees-site')
    const without = (text: string) => text.replace(/ {4}# Closed for maintenance(.|\n)*?\n\n/, '')
    expect(without(closed(['203.0.113.7']))).toBe(configOf(five, 'lb-1'))
  })

  it('shows pages of the user’s own, whatever is in them', () => {
    const pages = { 503: '<h1 style="width: 100%">%[src]</h1>{{request_id}}', 413: '<h1>nginx’s</h1>' }
    const files = haproxy.render({ ...contextFor(five, 'web-1'), pages })
    const page = files.find((one): one is File => one.kind === 'file' && one.path.endsWith('503.html'))!
    expect(page.content).toBe(pages[503])
    expect(JSON.stringify(files)).not.toContain('nginx’s')
  })

  it('says of a request whose answer was lost what the user says of one that took too long', () => {
    const rendered = haproxy.render({ ...contextFor(five, 'lb-1'), pages: { 504: '<h1>Please look first</h1>' } })
    expect(rendered).toContainEqual(
      expect.objectContaining({ path: '/etc/haproxy/pages/502.html', content: '<h1>Please look first</h1>' }),
    )
  })

  it('tells other balancers what it counts, and only while there is a limit', () => {
    const links = (stack: Stack) => haproxy.links(stack).map(({ from, to, ports }) => [from, to, ...ports].join(' '))
    expect(links(busy)).toEqual(['visitors balancer 80', 'balancer balancer 8405'])
    expect(links(nine)).toEqual(['visitors balancer 80'])
    const alone = { ...busy, servers: busy.servers.filter(({ name }) => name !== 'lb-2') }
    expect(links(alone)).toEqual(['visitors balancer 80'])
    expect(configOf(alone, 'lb-1')).toContain('peer lb-1 127.0.0.1:8405')
    expect(configOf(alone, 'lb-1')).not.toContain('lb-2')
    expect(haproxy.listens(serverNamed(busy, 'lb-1'), busy).map(({ port }) => port)).toEqual([8404, 80, 8405])
  })

  it('changes the same files whatever is said about traffic', () => {
    const paths = (stack: Stack, server: string) => [...filesOf(stack, server).values()].map(({ path }) => path)
    for (const server of ['lb-1', 'web-1']) expect(paths(busy, server)).toEqual(paths(nine, server))
  })

  it('knows the next tier only by its links', () => {
    const servers = (server: string) =>
      [...configOf(nine, server).matchAll(/^ {4}server (?!retry-|placeholder|here abns)(\S+ \S+)/gm)].map(
        ([, it]) => it,
      )
    expect(servers('lb-1')).toEqual(['web-1 198.18.0.31:80', 'web-2 198.18.0.32:80'])
    expect(servers('web-2')).toEqual([
      'app-1-blue 198.18.0.111:3000',
      'app-1-green 198.18.0.111:3100',
      'app-2-blue 198.18.0.112:3000',
      'app-2-green 198.18.0.112:3100',
    ])
    const databases = ['db-1 198.18.0.191:5432', 'db-2 198.18.0.192:5432', 'db-3 198.18.0.193:5432']
    expect(servers('app-1')).toEqual([...databases, ...databases, 'here 198.18.0.111:3000', 'here 198.18.0.111:3100'])
  })

  it('does not list a server that nobody has reached yet', () => {
    const servers = nine.servers.map((server) =>
      server.name === 'web-2' ? { ...server, address: 'deploy@web-b.example.com' } : server,
    )
    const config = configOf({ ...nine, servers }, 'lb-1')
    expect(config).toContain('server web-1 ')
    expect(config).not.toContain('web-b')
  })

  it('has room for the wait for an app server within what the next hop waits', () => {
    expect(configOf(nine, 'web-1')).toContain('timeout server 31s')
    expect(configOf(nine, 'lb-1')).toContain('timeout server 70s')
  })

  it('asks a server at most twenty times a second, however many call it', () => {
    const many = Array.from({ length: 40 }, (_, position) => ({
      ...serverNamed(nine, 'web-1'),
      name: `web-${position}`,
    }))
    const servers = [...nine.servers.filter(({ tier }) => tier !== 'web'), ...many]
    expect(configOf({ ...nine, servers }, 'web-1')).toContain('inter 2000ms')
    expect(configOf({ ...nine, servers }, 'web-1')).toContain('maxconn 50 slowstart')
  })

  it.each([
    ['lb-1', { cores: 2, memoryBytes: 2 ** 30 }, 'nbthread 1', 'maxconn 4100'],
    ['lb-1', { cores: 8, memoryBytes: 16 * 2 ** 30 }, 'nbthread 7', 'maxconn 77100'],
    ['web-1', { cores: 2, memoryBytes: 2 ** 30 }, 'nbthread 1', 'maxconn 2100'],
    ['app-1', { cores: 16, memoryBytes: 32 * 2 ** 30 }, 'nbthread 4', 'maxconn 52100'],
  ])('fits %s with %o', (server, size, threads, connections) => {
    const servers = nine.servers.map((each) => (each.name === server ? { ...each, size } : each))
    const config = configOf({ ...nine, servers }, server)
    expect(config).toContain(`    ${threads}\n`)
    expect(config).toContain(`    ${connections}\n`)
  })

  it('listens where its links say', () => {
    const ports = (server: string) => haproxy.listens(serverNamed(nine, server), nine).map(({ port }) => port)
    expect(ports('lb-1')).toEqual([8404, 80])
    expect(ports('web-1')).toEqual([8404])
    expect(ports('app-1')).toEqual([8404, 5432, 5433, 3500, 3600])
    expect(haproxy.belongsOn(serverNamed(nine, 'db-1'), nine)).toBe(false)
  })

  it('speaks of redundancy only where there is some', () => {
    const explained = (stack: Stack, server: string) => haproxy.explain(serverNamed(stack, server), stack)
    expect(explained(nine, 'lb-1').brings.redundancy).toContain('another one')
    expect(explained(five, 'lb-1').brings.redundancy).toBeUndefined()
    expect(explained(five, 'app-1').brings.redundancy).toBeUndefined()
    expect(explained(nine, 'app-1').brings.redundancy).toContain('failover')
  })

  it('tells what was said about traffic', () => {
    const brings = (stack: Stack, server: string) => haproxy.explain(serverNamed(stack, server), stack).brings
    expect(brings(busy, 'lb-1').isolation).toContain('more than 100 requests in 10 s')
    expect(brings(nine, 'lb-1').isolation).not.toContain('429')
    expect(brings(busy, 'web-1').performance).toContain('beyond 25 at a time')
    expect(brings(busy, 'web-1').performance).toContain('cookie')
    expect(brings(nine, 'web-1').performance).not.toContain('cookie')
  })
})

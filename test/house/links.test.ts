import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBlueprint } from '../../src/blueprint/blueprint.ts'
import { stackOf } from '../../src/operations/session/stack-of.ts'
import { components } from '../../src/components/index.ts'
import { contextFor } from '../../src/components/testing/stacks.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { callersOf, linksAcceptedBy, linksOpenedBy, type Server, type Stack } from '../../src/stack/stack.ts'

/** What links say is what is there: of each component's word, of the rendered files, and of who calls whom. */

const some = fc.constantFrom
const stacks = fc
  .record({
    balancers: fc.integer({ min: 1, max: 3 }),
    webs: fc.integer({ min: 1, max: 3 }),
    apps: fc.integer({ min: 0, max: 3 }),
    databases: fc.integer({ min: 0, max: 5 }),
    rateLimit: some(undefined, { requests: 100, per: 10 }),
    domains: some(undefined, ['www.example.com', 'example.com']),
    pool: some(undefined, 'transaction'),
    sticky: fc.boolean(),
    instances: some(1, 3, 'cores'),
    processes: some(
      {},
      { api: { start: 'node api.js', paths: ['/api'], instances: 2, concurrency: 8 } },
      {
        admin: { start: 'node admin.js', paths: ['/admin'], instances: 'cores' },
        api: { start: 'node api.js', paths: ['/api', '/v2'] },
        mail: { start: 'node mail.js', on: 'one' },
        report: { start: 'node report.js', at: 'hourly' },
        worker: { start: 'node worker.js', instances: 2 },
      },
    ),
    more: some([], ['reports', 'audit']),
    cores: some(1, 2, 64),
  })
  .map((choice) => {
    const input = {
      name: 'guestbook',
      balancer: {
        servers: choice.balancers,
        ...(choice.domains && { domains: choice.domains }),
        ...(choice.rateLimit && { rateLimit: choice.rateLimit }),
      },
      web: { servers: choice.webs, root: 'public' },
      app: {
        servers: choice.apps,
        start: 'node server.js',
        health: '/up',
        runtime: { node: '24' },
        sticky: choice.sticky,
        instances: choice.instances,
        processes: choice.databases === 0 ? withoutAlone(choice.processes) : choice.processes,
      },
      database: {
        servers: choice.databases,
        databases: choice.more,
        ...(choice.pool && { pool: choice.pool }),
      },
    }
    return stackOf(parseConfig(withTiers(input)), { kind: 'lab', subnet: '198.18.0.0', cores: choice.cores })
  })

/** Without the tiers that have no servers; nobody but an app has a database. */
function withTiers<Input extends Readonly<Record<'app' | 'database', { readonly servers: number }>>>(input: Input) {
  const { app, database, ...rest } = input
  const hasDatabase = app.servers > 0 && database.servers > 0
  return { ...rest, ...(app.servers > 0 && { app }), ...(hasDatabase && { database }) }
}

/** Which server runs it would be decided by a lock in the database. */
const withoutAlone = (processes: object) =>
  Object.fromEntries(
    Object.entries(processes).filter(([, one]: readonly [string, { on?: string }]) => one.on !== 'one'),
  )

const forEveryServer = (check: (server: Server, stack: Stack) => void): void =>
  fc.assert(
    fc.property(stacks, (stack) => {
      for (const server of stack.servers) check(server, stack)
    }),
    { numRuns: 10 },
  )

const sorted = (words: Iterable<string>): readonly string[] => [...new Set(words)].toSorted()

const listensOn = (server: Server, stack: Stack) =>
  components
    .filter((component) => component.belongsOn(server, stack))
    .flatMap((component) => component.listens(server, stack).map((one) => ({ ...one, component: component.name })))

/** sshd was there before, and is nobody's component. */
const acceptedPorts = (server: Server, stack: Stack) =>
  linksAcceptedBy(stack, server)
    .filter(({ component }) => component !== 'sshd')
    .flatMap(({ component, ports }) => ports.map((port) => `${component} ${port}`))

const filesOn = (server: Server, stack: Stack) =>
  createBlueprint(components, contextFor(stack, server.name))
    .parts.flatMap(({ resources }) => resources)
    .flatMap((resource) => (resource.kind === 'file' ? [resource] : []))

describe('links', { timeout: 60_000 }, () => {
  it('name every port that is open to the network, and none that is not', () => {
    forEveryServer((server, stack) => {
      const open = listensOn(server, stack).filter(({ reach }) => reach === 'network')
      expect(sorted(acceptedPorts(server, stack)), server.name).toEqual(
        sorted(open.map(({ component, port }) => `${component} ${port}`)),
      )
    })
  })

  it('are those of the files that daemons get', () => {
    forEveryServer((server, stack) => {
      const files = filesOn(server, stack)
      const contentOf = (path: string) => files.find((file) => file.path === path)?.content ?? ''
      const haproxy = contentOf('/etc/haproxy/haproxy.cfg')
      const bound = [
        ...places(haproxy, /^ +bind ([\d.*]+):(\d+)/gm),
        ...places(haproxy, new RegExp(`^ +peer ${server.name} ([\\d.]+):(\\d+)`, 'gm')),
        ...places(contentOf('/etc/nginx/nginx.conf'), /^ +listen (?:([\d.]+):)?(\d+)/gm),
        ...places(listenLines(contentOf('/etc/default/etcd')), /https?:\/\/([\d.]+):(\d+)/g),
        ...places(contentOf('/etc/patroni/config.yml'), /^ +listen: "?([\d.,]+):(\d+)/gm),
        ...places(contentOf('/etc/pgbouncer/pgbouncer.ini'), /^listen_addr = (\S+)\nlisten_port = (\d+)/gm),
      ]
      const said = listensOn(server, stack)
        .filter(({ component }) => component !== 'app')
        .map(({ port, reach }) => `${reach} ${port}`)
      expect(widest(bound), server.name).toEqual(sorted(said))
    })
  })

  it('allow whatever a file of a server names of another one', () => {
    forEveryServer((server, stack) => {
      for (const { path, content } of filesOn(server, stack)) {
        for (const other of stack.servers) {
          if (other.name === server.name) continue
          const allowed = linksOpenedBy(stack, server)
            .filter((link) => linksAcceptedBy(stack, other).includes(link))
            .flatMap(({ ports }) => ports)
          const at = other.address.replaceAll('.', '\\.')
          // The address with a port, and the port of HAProxy's checks beside it.
          for (const [text, ...ports] of content.matchAll(new RegExp(`\\b${at}:(\\d+)(?: port (\\d+))?`, 'g')))
            for (const port of ports)
              if (port !== undefined) expect(allowed, `${server.name} ${path}: ${text}`).toContain(Number(port))
        }
      }
    })
  })

  it('are told of servers as of tiers', () => {
    forEveryServer((server, stack) => {
      for (const link of stack.links) {
        expect(callersOf(stack, link).includes(server)).toBe(linksOpenedBy(stack, server).includes(link))
      }
    })
  })

  it('are open to visitors on balancers alone', () => {
    forEveryServer((server, stack) => {
      const open = linksAcceptedBy(stack, server).filter(({ from }) => from === 'visitors')
      expect(open.flatMap(({ ports }) => ports)).toEqual(server.tier === 'balancer' ? [80] : [])
    })
  })
})

/** Where a file makes its daemon listen: on loopback alone, or where others get there, too. */
const places = (content: string, pattern: RegExp): readonly string[] =>
  [...content.matchAll(pattern)].map(
    ([, addresses = '*', port]) =>
      `${addresses.split(',').every((address) => address === '127.0.0.1') ? 'loopback' : 'network'} ${port}`,
  )

const listenLines = (content: string): string =>
  content
    .split('\n')
    .filter((line) => line.startsWith('ETCD_LISTEN'))
    .join('\n')

/** What is open to the network on one address counts as that, whatever else it listens on. */
const widest = (bound: readonly string[]): readonly string[] =>
  sorted(bound.filter((one) => !bound.includes(one.replace('loopback', 'network')) || one.startsWith('network')))

import { parseConfig } from '../../config/parse-config.ts'
import { createStack } from '../../stack/create-stack.ts'
import type { ServerFacts } from '../../stack/host-facts.ts'
import { firstStackState } from '../../stack/stack-state.ts'
import type { Link, Server, Stack } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'

const input = (web: number, app: number, database: number) => ({
  name: 'guestbook',
  balancer: { servers: 2 },
  web: { servers: web, root: 'public' },
  app: { servers: app, source: '.', build: 'npm ci', start: 'node server.js', health: '/up', runtime: { node: '24' } },
  database: { servers: database },
})

/** The five-server and the nine-server stack that goldens are rendered from, with addresses as in the lab. */
export const fiveServers = (components: readonly Component[]): Stack => stackOf(components, 1, 1, 1)
export const nineServers = (components: readonly Component[]): Stack => stackOf(components, 2, 2, 3)

/** The nine servers with all that a config may say about traffic. */
export function busyServers(components: readonly Component[]): Stack {
  const plain = input(2, 2, 3)
  return stackFrom(components, {
    ...plain,
    balancer: {
      ...plain.balancer,
      domains: ['www.example.com', 'example.com', 'example.org'],
      rateLimit: { requests: 100, per: 10, exempt: ['203.0.113.7', '10.0.0.0/8'] },
      perAddress: { openRequests: 200, exempt: ['203.0.113.7'] },
      trustedProxies: ['192.0.2.5', '10.9.0.0/16'],
      proxyProtocol: true,
    },
    web: { ...plain.web, uploadLimit: '1.5 GB' },
    app: {
      ...plain.app,
      sticky: true,
      idempotencyKey: true,
      concurrency: 25,
      queueTimeout: 20,
      processes: { api: { start: 'node api.js', paths: ['/api'], instances: 2, concurrency: 8 } },
    },
  })
}

/** A stack in which every component has a place, and the app runs all kinds of programs. */
export function everything(components: readonly Component[]): Stack {
  const plain = input(1, 2, 2)
  return stackFrom(components, {
    ...plain,
    app: {
      ...plain.app,
      release: 'node migrate.js',
      processes: {
        worker: 'node worker.js',
        clock: { start: 'node clock.js', on: 'one' },
        report: { start: 'node report.js', at: 'daily' },
      },
    },
    database: { ...plain.database, pool: 'transaction' },
  })
}

/** A render context as on a server with two cores and 1 GB. */
export function contextFor(stack: Stack, serverName: string, facts: Partial<ServerFacts> = {}): RenderContext {
  return {
    stack,
    server: serverNamed(stack, serverName),
    facts: {
      cores: 2,
      memoryBytes: 1024 ** 3,
      networkInterface: 'eth0',
      architecture: 'amd64',
      addresses: [],
      ...facts,
    },
    appSecrets: {},
    pages: {},
    secret: (name) => `secret-of-${name}`,
    stackState: firstStackState('20261122-120000-abc1234'),
  }
}

export function serverNamed(stack: Stack, name: string): Server {
  const server = stack.servers.find((candidate) => candidate.name === name)
  if (server === undefined) throw new Error(`the stack has no server ${name}`)
  return server
}

const stackOf = (components: readonly Component[], web: number, app: number, database: number): Stack =>
  stackFrom(components, input(web, app, database))

function stackFrom(components: readonly Component[], input: unknown): Stack {
  const declare = (stack: Omit<Stack, 'links'>): readonly Link[] =>
    components.flatMap((component) => component.links(stack))
  return createStack(parseConfig(input), { kind: 'lab', subnet: '198.18.0.0' }, declare)
}

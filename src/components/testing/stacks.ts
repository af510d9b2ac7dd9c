import { parseConfig } from '../../config/parse-config.ts'
import { createStack } from '../../stack/create-stack.ts'
import { firstOrders } from '../../stack/orders.ts'
import type { Link, Server, Stack } from '../../stack/stack.ts'
import type { Component, RenderContext, ServerFacts } from '../component.ts'

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
    secret: (name) => `secret-of-${name}`,
    orders: firstOrders('20261122-120000-abc1234'),
  }
}

export function serverNamed(stack: Stack, name: string): Server {
  const server = stack.servers.find((candidate) => candidate.name === name)
  if (server === undefined) throw new Error(`the stack has no server ${name}`)
  return server
}

function stackOf(components: readonly Component[], web: number, app: number, database: number): Stack {
  const declare = (stack: Omit<Stack, 'links'>): readonly Link[] =>
    components.flatMap((component) => component.links(stack))
  return createStack(parseConfig(input(web, app, database)), { kind: 'lab', subnet: '198.18.0.0' }, declare)
}

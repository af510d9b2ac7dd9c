import { parseConfig } from '../../config/parse-config.ts'
import type { StackInput } from '../../config/schema.ts'
import { createStack, type Placement } from '../../stack/create-stack.ts'
import type { ServerFacts } from '../../stack/host-facts.ts'
import { firstStackState } from '../../stack/stack-state.ts'
import type { Link, Server, Stack } from '../../stack/stack.ts'
import { type Component, gatherAppVariables, type RenderContext, type ServerContext } from '../component.ts'
import { components } from '../index.ts'

/** How many servers each tier has, or their destinations. */
export type Counts = Readonly<Record<'balancer' | 'web' | 'app' | 'database', StackInput['web']['servers']>>

export const five: Counts = { balancer: 2, web: 1, app: 1, database: 1 }
export const nine: Counts = { balancer: 2, web: 2, app: 2, database: 3 }
export const forty: Counts = { balancer: 2, web: 12, app: 21, database: 5 }

/** The guestbook on so many servers, as its config would have it. */
export const inputOf = ({ balancer, web, app, database }: Counts) => ({
  name: 'guestbook',
  balancer: { servers: balancer },
  web: { servers: web, root: 'public' },
  app: { servers: app, source: '.', build: 'npm ci', start: 'node server.js', health: '/up', runtime: { node: '24' } },
  database: { servers: database },
})

/** A stack of so many servers, as a lab has them. */
export const labStack = (all: readonly Component[], counts: Counts): Stack => stackFrom(all, inputOf(counts))

/** A stack on named servers; `told` holds the private addresses that they told, by name. */
export function siteStack(
  all: readonly Component[],
  counts: Counts,
  virtualAddress?: string,
  told: Readonly<Record<string, string>> = {},
): Stack {
  const input = inputOf(counts)
  const balancer = { ...input.balancer, ...(virtualAddress !== undefined && { virtualAddress }) }
  const placement: Placement = { kind: 'production', addresses: new Map(Object.entries(told)) }
  return stackFrom(all, { ...input, balancer }, placement)
}

/** The five-server and the nine-server stack that goldens are rendered from, with addresses as in the lab. */
export const fiveServers = (all: readonly Component[]): Stack => labStack(all, five)
export const nineServers = (all: readonly Component[]): Stack => labStack(all, nine)

/** The nine servers with all that a config may say about traffic. */
export function busyServers(all: readonly Component[]): Stack {
  const plain = inputOf(nine)
  return stackFrom(all, {
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
export function everything(all: readonly Component[]): Stack {
  const plain = inputOf({ balancer: 2, web: 1, app: 2, database: 2 })
  return stackFrom(all, {
    ...plain,
    app: {
      ...plain.app,
      release: 'node migrate.js',
      outbound: ['api.example.com:443', '203.0.113.0/24:587'],
      processes: {
        worker: 'node worker.js',
        clock: { start: 'node clock.js', on: 'one' },
        report: { start: 'node report.js', at: 'daily' },
      },
    },
    database: { ...plain.database, pool: 'transaction' },
  })
}

/** A site of files alone: no app, no database. */
export const siteOfFiles = (all: readonly Component[], fallback?: string): Stack =>
  stackFrom(all, {
    name: 'guide',
    balancer: { servers: 2 },
    web: { servers: 2, root: 'dist', build: 'npm ci && npm run build', ...(fallback !== undefined && { fallback }) },
  })

/** An app that keeps no data. */
export const withoutDatabase = (all: readonly Component[]): Stack => {
  const { database: _, ...input } = inputOf(nine)
  return stackFrom(all, input)
}

/** An app whose database is not part of the stack. */
export const databaseElsewhere = (all: readonly Component[]): Stack => {
  const { database: _, ...input } = inputOf(nine)
  return stackFrom(all, { ...input, app: { ...input.app, secrets: ['DATABASE_URL'] } })
}

/** Stacks that lack a tier, by name. */
export const smallerStacks = (all: readonly Component[]): Readonly<Record<string, Stack>> => ({
  'a site of files': siteOfFiles(all),
  'an app without a database': withoutDatabase(all),
  'a database elsewhere': databaseElsewhere(all),
})

/** A render context as on a server with two cores and 1 GB. */
export function contextFor(stack: Stack, serverName: string, facts: Partial<ServerFacts> = {}): RenderContext {
  const context: ServerContext = {
    stack,
    server: serverNamed(stack, serverName),
    facts: {
      cores: 2,
      memoryBytes: 1024 ** 3,
      networkInterface: 'eth0',
      architecture: 'amd64',
      sshPorts: [22],
      addresses: [],
      ...facts,
    },
    appSecrets: {},
    pages: {},
    secret: (name) => `secret-of-${name}`,
    stackState: firstStackState('20261122-120000-abc1234'),
  }
  return { ...context, appVariables: gatherAppVariables(components, context) }
}

export function serverNamed(stack: Stack, name: string): Server {
  const server = stack.servers.find((candidate) => candidate.name === name)
  if (server === undefined) throw new Error(`the stack has no server ${name}`)
  return server
}

export function stackFrom(all: readonly Component[], input: unknown, placement: Placement = inLab): Stack {
  const declare = (stack: Omit<Stack, 'links'>): readonly Link[] => all.flatMap((component) => component.links(stack))
  return createStack(parseConfig(input), placement, declare)
}

const inLab: Placement = { kind: 'lab', subnet: '198.18.0.0' }

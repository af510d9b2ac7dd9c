import { expect, expectTypeOf, it } from 'vitest'
import { TrimaranError } from '../errors/failure.ts'
import { buildSettings } from './build-settings.ts'
import { parseConfig } from './parse-config.ts'
import type { SchemaInput } from './schema.ts'
import type { StackInput } from './stack-input.ts'

const smallest = {
  name: 'guestbook',
  balancer: { servers: 1 },
  web: { servers: 1 },
  app: { servers: 1, start: 'node server.js' },
  database: { servers: 1 },
} satisfies StackInput

it('documents exactly what it accepts', () => {
  expectTypeOf<Plain<StackInput>>().toEqualTypeOf<Plain<SchemaInput>>()
})

it('fills in every default, with sizes in bytes', () => {
  expect(parseConfig(smallest)).toEqual({
    name: 'guestbook',
    balancer: {
      servers: 1,
      perAddress: { openRequests: 500, connections: 1000, exempt: [] },
      trustedProxies: [],
      proxyProtocol: false,
    },
    web: { servers: 1, root: 'public', uploadLimit: 20 * 1024 ** 2 },
    app: {
      servers: 1,
      source: '.',
      start: 'node server.js',
      health: '/',
      idempotencyKey: false,
      env: {},
      requestTimeout: 30,
      startTimeout: 60,
      stopTimeout: 30,
      writable: [],
      sticky: false,
      queueTimeout: 5,
      drainTimeout: 60,
      instances: 1,
      privateNetworks: [],
      processes: {},
      include: [],
      cache: ['node_modules', 'node_modules/.cache', '.next/cache', '.angular/cache', '.parcel-cache', '.turbo'],
      devDependencies: false,
      secrets: [],
    },
    database: { servers: 1, failover: 'fast', settings: {}, databases: [], extensions: [], packages: [] },
    hooks: {},
    links: [],
    lab: { memory: 1024 ** 3, internet: false },
  })
})

it('makes entries of destinations, however they are written', () => {
  const servers = ['deploy@web-a', { ssh: 'web-b', address: '10.0.0.32' }]
  const parsed = parseConfig({ ...smallest, web: { servers } })
  expect(parsed.web.servers).toEqual([{ ssh: 'deploy@web-a' }, { ssh: 'web-b', address: '10.0.0.32' }])
})

it('takes undefined for left out', () => {
  const parsed = parseConfig({
    ...smallest,
    ssh: undefined,
    app: { ...smallest.app, memory: undefined, env: undefined },
  })
  expect(parsed).toEqual(parseConfig(smallest))
})

it('never shows the value of a variable, which may be secret', () => {
  const error = catchError(() => parseConfig({ ...smallest, app: { ...smallest.app, env: { API_KEY: 471_147 } } }))
  expect(JSON.stringify(error.facts)).not.toContain('471')
})

it('gives the mistakes as data, too', () => {
  const text = 'export default defineStack({\n  web: { servers: "2" },\n})'
  const input = { ...smallest, web: { servers: '2' } }
  const { code, exitCode, facts } = catchError(() => parseConfig(input, { file: 'trimaran.config.ts', text }))
  expect({ code, exitCode, details: facts.details }).toMatchInlineSnapshot(`
    {
      "code": "TRI-CONFIG-003",
      "details": {
        "file": "trimaran.config.ts",
        "mistakes": [
          {
            "path": "web.servers",
            "position": {
              "column": 10,
              "line": 2,
            },
            "problem": "is the text "2"",
            "reason": "it must be a number of servers, such as 2, or a list of SSH destinations, such as ['web-a.example.com']",
            "suggestion": "write 2 without quotes",
          },
        ],
      },
      "exitCode": 2,
    }
  `)
})

/** Without names of types in between. */
type Plain<T> = T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T

function catchError(act: () => unknown): TrimaranError {
  try {
    act()
  } catch (error) {
    if (error instanceof TrimaranError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

it('gives a tier that is left out no servers, and all its defaults', () => {
  const { app, database, ...rest } = parseConfig({
    name: 'guide',
    balancer: { servers: 1 },
    web: { servers: 1, build: 'make' },
  })
  expect([app.servers, database.servers]).toEqual([0, 0])
  expect(app.drainTimeout).toBe(60)
  expect(buildSettings({ app, web: rest.web })).toMatchObject({
    section: 'web',
    source: '.',
    build: 'make',
    include: [],
  })
})

it('takes the process web for the app itself', () => {
  const { app } = parseConfig({
    name: 'guestbook',
    balancer: { servers: 2 },
    web: { servers: 1 },
    app: {
      servers: 1,
      processes: { web: { start: 'node server.js', instances: 'cores' }, worker: 'node worker.js' },
      secrets: ['KEY'],
    },
    database: { servers: 1 },
  })
  expect(app).toMatchObject({ start: 'node server.js', instances: 'cores', health: '/' })
  expect(app.processes).toEqual({ worker: { start: 'node worker.js' } })
  expect(app.secrets).toEqual([{ name: 'KEY' }])
})

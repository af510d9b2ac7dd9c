import { z } from 'zod'
import {
  list,
  listOrNone,
  named,
  section,
  seconds,
  servers,
  size,
  text,
  virtualAddress,
  wholeNumber,
  yesOrNo,
} from './fields.ts'
import { OneReference, type Reference, type ReferenceText, TextOfReferences } from './references.ts'
import { checkEnvName } from './values/env-name.ts'
import { checkDomain, checkHealthHost } from './values/domain.ts'
import { checkOperators, checkProxyAddress, checkSource } from './values/network.ts'
import { checkOutbound } from './values/outbound.ts'
import { checkCalendar } from './values/calendar.ts'
import { checkProcessName, checkRoutedPath } from './values/process.ts'
import { checkDatabaseName, checkExtensionName } from './values/postgres-name.ts'
import { checkPostgresSetting } from './values/postgres-setting.ts'
import { checkStackName, stackNamePattern } from './values/stack-name.ts'
import {
  checkCommand,
  checkHealthPath,
  checkInnerFolder,
  checkNodeVersion,
  checkPackageName,
  checkPublicFile,
  checkShippedPath,
  checkWords,
  checkWritable,
} from './values/text.ts'

import type { ProcessEntry, SecretEntry } from './fields.ts'
export type { ProcessEntry, SecretEntry, ServerEntry } from './fields.ts'
export type { StackInput } from './stack-input.ts'

const networks = listOrNone(
  "a list of addresses and networks, such as ['10.0.0.0/8']",
  text("an address or network, such as '10.0.0.0/8'", checkSource),
)

const rateLimit = section('a limit, such as { requests: 100, per: 10 }', {
  requests: wholeNumber('a whole number of requests', 1, 1_000_000),
  per: seconds,
  exempt: networks.default([]),
})

const perAddress = section('limits for each address, such as { openRequests: 500 }', {
  openRequests: wholeNumber('a whole number of requests', 1, 100_000).default(500),
  connections: wholeNumber('a whole number of connections', 1, 100_000).default(1000),
  exempt: networks.default([]),
})

const balancer = section('the tier that visitors reach, such as balancer: { servers: 2 }', {
  servers: servers(20, 'the balancers share one virtual address'),
  virtualAddress: virtualAddress.exactOptional(),
  domains: list(
    "a list of names, such as ['www.example.com', 'example.com']",
    text("a name of the site, such as 'www.example.com'", checkDomain),
  ).exactOptional(),
  rateLimit: rateLimit.exactOptional(),
  perAddress: perAddress.prefault({}),
  trustedProxies: listOrNone(
    "a list of addresses and networks, such as ['10.0.0.0/8']",
    text("the address or network of your proxies, such as '10.0.0.0/8'", checkProxyAddress),
  ).default([]),
  proxyProtocol: yesOrNo('true or false').default(false),
})

/** Folders that build tools keep between builds. */
export const usualCaches = [
  'node_modules',
  'node_modules/.cache',
  '.next/cache',
  '.angular/cache',
  '.parcel-cache',
  '.turbo',
] as const

/** How a release is built: settings of the app or, for a site without one, of the web tier. */
const build = {
  source: text("the folder to release, such as '.'").exactOptional(),
  build: text("a command, such as 'npm ci'", checkCommand).exactOptional(),
  include: listOrNone(
    "a list of paths, such as ['certs/client.key']",
    text("a path in the source, such as 'certs/client.key'", checkShippedPath),
  ).exactOptional(),
  cache: listOrNone(
    "a list of folders, such as ['.next/cache']",
    text("a folder in the source, such as '.next/cache'", checkShippedPath),
  ).exactOptional(),
} as const

const web = section('the web tier, such as web: { servers: 2 }', {
  servers: servers(80, 'a tier has that many names and addresses'),
  root: text("a folder in the release, such as 'public'", checkInnerFolder).default('public'),
  uploadLimit: size("a size in quotes, such as '20 MB'", '1 KB').prefault('20 MB'),
  fallback: text("a file in the folder of static files, such as 'index.html'", checkPublicFile).exactOptional(),
  ...build,
})

const runtime = section("a runtime, such as { node: '24' } or { packages: ['python3'] }", {
  node: text("a version of Node.js in quotes, such as '24'", checkNodeVersion).exactOptional(),
  packages: list(
    "a list of Debian packages, such as ['python3']",
    text("the name of a Debian package, such as 'python3'", checkPackageName),
  ).exactOptional(),
})

const command = (example: string) => text(`a command, such as '${example}'`, checkCommand)

const instances = z.union(
  [
    wholeNumber('a whole number of copies', 1, 64),
    z.literal('cores', { error: "a whole number of copies, such as 2, or 'cores' for as many as the server has" }),
  ],
  {
    error: "a number of copies, such as 2, or 'cores' for one on each core",
  },
)

const concurrency = wholeNumber('a whole number of requests', 1, 100_000)

const process = z.union(
  [
    command('node worker.js').transform((start): ProcessEntry => ({ start })),
    section("a process, such as { start: 'node worker.js', on: 'one' }", {
      start: command('node worker.js'),
      instances: instances.exactOptional(),
      on: z.enum(['every', 'one'], { error: "either 'every' or 'one'" }).exactOptional(),
      at: text("a time, such as 'daily'", checkCalendar).exactOptional(),
      paths: list("a list of paths, such as ['/api']", text("a path, such as '/api'", checkRoutedPath)).exactOptional(),
      health: text("the path that tells whether it is well, such as '/up'", checkHealthPath).exactOptional(),
      concurrency: concurrency.exactOptional(),
    }),
  ],
  { error: "a command, such as 'node worker.js', or { start, on, at, paths, … }" },
)

const secret = z.union(
  [
    text("the name of a variable, such as 'SESSION_KEY'", checkEnvName).transform((name): SecretEntry => ({ name })),
    section("a secret, such as { name: 'KEY', command: 'pass show key' }", {
      name: text("the name of a variable, such as 'SESSION_KEY'", checkEnvName),
      command: command('pass show key').exactOptional(),
      build: yesOrNo('true or false').exactOptional(),
    }),
  ],
  { error: "the name of a variable, such as 'SESSION_KEY', or { name, command, build }" },
)

const meantVariable = 'a text, or a reference such as database.host'

const envValue = z.union(
  [
    z
      .string({ error: meantVariable })
      .refine((value) => !value.includes('\0'), { error: 'it has a null character, which no environment can hold' }),
    z.instanceof(OneReference, { error: meantVariable }) as unknown as z.ZodType<Reference, Reference>,
    z.instanceof(TextOfReferences, { error: meantVariable }) as unknown as z.ZodType<ReferenceText, ReferenceText>,
  ],
  { error: meantVariable },
)

const app = section("your app, such as app: { servers: 2, start: 'node server.js' }", {
  servers: servers(80, 'a tier has that many names and addresses'),
  source: build.source.unwrap().default('.'),
  build: build.build,
  include: build.include.unwrap().default([]),
  cache: build.cache.unwrap().default([...usualCaches]),
  devDependencies: yesOrNo('true or false').default(false),
  // Empty where it stands in `processes`, as `web`, which `placeWeb` brings here.
  start: text("the command that starts the app, such as 'node server.js'", checkCommand).default(''),
  release: command('node migrate.js').exactOptional(),
  instances: instances.default(1),
  processes: named("names and commands, such as { worker: 'node worker.js' }", checkProcessName, process).default({}),
  health: text("the path that tells whether the app is well, such as '/up'", checkHealthPath).default('/'),
  healthHost: text("the name of a site, such as 'www.example.com'", checkHealthHost).exactOptional(),
  runtime: runtime.exactOptional(),
  env: named("names and values, such as { LOG_LEVEL: 'info' }", checkEnvName, envValue).default({}),
  secrets: listOrNone("a list of secrets, such as ['SESSION_KEY']", secret).default([]),
  writable: listOrNone(
    "a list of folders, such as ['storage']",
    text("a folder in the release, such as 'storage'", checkWritable),
  ).default([]),
  memory: size("a size in quotes, such as '512 MB'", '16 MB').exactOptional(),
  idempotencyKey: yesOrNo('true or false').default(false),
  privateNetworks: listOrNone(
    "a list of addresses and networks, such as ['10.20.0.5']",
    text("an address or network, such as '10.20.0.5'", checkSource),
  ).default([]),
  outbound: listOrNone(
    "a list of hosts with ports, such as ['api.example.com:443']",
    text("a host with a port, such as 'api.example.com:443'", checkOutbound),
  ).exactOptional(),
  requestTimeout: seconds.default(30),
  startTimeout: seconds.default(60),
  stopTimeout: seconds.default(30),
  sticky: yesOrNo('true or false').default(false),
  concurrency: concurrency.exactOptional(),
  queueTimeout: seconds.default(5),
  drainTimeout: seconds.default(60),
})

const database = section('the database tier, such as database: { servers: 3 }', {
  servers: servers(7, 'each has an etcd member, and more members only make writes slower'),
  settings: named(
    'names and values, such as { log_min_duration_statement: 500 }',
    checkPostgresSetting,
    z.union([z.string(), z.number(), z.boolean()], { error: 'a text, a number, true or false' }),
  ).default({}),
  databases: listOrNone(
    "a list of more databases, such as ['reports']",
    text("the name of a database, such as 'reports'", checkDatabaseName),
  ).default([]),
  failover: z.enum(['fast', 'patient'], { error: "'fast' or 'patient'" }).default('fast'),
  pool: z.enum(['transaction'], { error: "'transaction', or nothing for no pool" }).exactOptional(),
  extensions: listOrNone(
    "a list of extensions of PostgreSQL, such as ['pg_trgm']",
    text("the name of an extension, such as 'pg_trgm'", checkExtensionName),
  ).default([]),
  packages: listOrNone(
    "a list of Debian packages, such as ['postgresql-17-pgvector']",
    text("the name of a Debian package, such as 'postgresql-17-pgvector'", checkPackageName),
  ).default([]),
})

const lab = section("the lab, such as lab: { memory: '1 GB' }", {
  memory: size("a size in quotes, such as '1 GB'", '128 MB').prefault('1 GB'),
  cores: wholeNumber('a whole number of cores', 1, 256).exactOptional(),
  internet: yesOrNo('true or false').default(false),
})

const hooks = section("commands around a deploy, such as hooks: { beforeDeploy: './may-we-deploy.sh' }", {
  beforeDeploy: command('./may-we-deploy.sh').exactOptional(),
  afterDeploy: command('./tell-the-team.sh').exactOptional(),
})

const ssh = section("the SSH settings, such as ssh: { config: './ssh_config' }", {
  config: text("an OpenSSH client config file, such as './ssh_config'").exactOptional(),
  from: list(
    "a list of addresses and networks, such as ['203.0.113.7']",
    text("an address or network, such as '203.0.113.7'", checkOperators),
  ).exactOptional(),
})

const outside = list(
  "a list of addresses and networks, such as ['10.0.0.5']",
  text("an address or network, such as '10.0.0.5'", checkSource),
).exactOptional()

const link = section("a connection, such as { on: 'servers', from: ['10.0.0.5'], ports: [9100], why: 'Prometheus' }", {
  on: z.enum(['servers', 'balancer', 'web', 'app', 'database'], {
    error: "'servers' for all of them, or a tier: 'balancer', 'web', 'app', 'database'",
  }),
  from: outside,
  to: outside,
  protocol: z.enum(['tcp', 'udp'], { error: "either 'tcp' or 'udp'" }).default('tcp'),
  ports: list('a list of ports, such as [9100]', wholeNumber('a port, such as 9100', 1, 65_535)),
  why: text("a few words, such as 'Prometheus collects figures'", checkWords),
})

const page = text("an HTML file beside the config, such as './pages/sorry.html'").exactOptional()

const pages = section("files by status, such as pages: { 503: './pages/sorry.html' }", {
  413: page,
  429: page,
  503: page,
  504: page,
  maintenance: page,
})

/** What `trimaran.config.ts` may export. The type and the documentation of it is `StackInput`. */
export const configSchema = section("a stack, as in: export default defineStack({ name: 'guestbook', … })", {
  name: text("a name for the stack, such as 'guestbook'", checkStackName).meta({ pattern: stackNamePattern.source }),
  balancer,
  web,
  // A tier that is left out has no servers.
  app: app.default({ ...app.parse({ servers: 1 }), servers: 0 }),
  database: database.default({ ...database.parse({ servers: 1 }), servers: 0 }),
  hooks: hooks.prefault({}),
  lab: lab.prefault({}),
  ssh: ssh.exactOptional(),
  links: listOrNone(
    "a list of connections, such as [{ on: 'servers', from: […], ports: […], why: '…' }]",
    link,
  ).default([]),
  pages: pages.exactOptional(),
})

/** What a page of one's own is for: the status that it is sent with, or maintenance. */
export type PageName = keyof z.output<typeof pages>
/** Pages of one's own, as HTML. */
export type Pages = Readonly<Partial<Record<PageName, string>>>

type Deep<T> = T extends object ? { readonly [Key in keyof T]: Deep<T[Key]> } : T

/** What the user may write, as the schema sees it; a test holds it equal to the documented `StackInput`. */
export type SchemaInput = Stated<z.input<typeof configSchema>>

/** The same without `undefined`, which a default takes, too. */
type Stated<T> = T extends object ? { readonly [Key in keyof T]: Stated<Exclude<T[Key], undefined>> } : T

/** What the user declared, with every default filled in and sizes in bytes. A tier that was left out has no servers. */
export type Config = Deep<z.output<typeof configSchema>>

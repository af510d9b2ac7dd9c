import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hasServers } from '../../config/build-settings.ts'
import { readAppSecrets } from '../../config/load/read-app-secrets.ts'
import { requireDatabaseUrl } from '../../config/load/require-database-url.ts'
import { readPages } from '../../config/load/read-pages.ts'
import type { Config } from '../../config/schema.ts'
import { countCores } from '../../engine/count-cores.ts'
import { type KnownServer, readKnownServers } from '../../engine/known-servers.ts'
import { locateServers } from '../../engine/locate-servers.ts'
import { loadStackKey } from '../../engine/stack-key.ts'
import { failure } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import { createStack, type Placement } from '../../stack/create-stack.ts'
import { hasDatabaseElsewhere, type Server, serversOf } from '../../stack/stack.ts'
import { tierNames } from '../../stack/tiers.ts'
import { tryPort as tryFromThisComputer } from '../../transport/try-port.ts'
import { askOverHttp } from '../../transport/ask-address.ts'
import { createSshTransport } from '../../transport/ssh-transport.ts'
import type { Target, Transport } from '../../transport/transport.ts'
import { ignoreEvents, withoutSecrets } from '../emit.ts'
import { supplierFor } from './lab-packages.ts'
import { bootLab, findLab } from './lab-servers.ts'
import { learnAppSecrets } from './learn-secrets.ts'
import { openProject, type ProjectPlace } from './open-project.ts'
import { type Project, type Session } from './session.ts'
import { labPlacement, stackOf } from './stack-of.ts'

/** Which servers to use, and how to reach them. */
export interface SessionWish extends ProjectPlace {
  /** True for the lab on this computer, instead of the servers that the file names. */
  readonly lab?: boolean
  /** Whether missing lab servers are booted: they stand for hardware. Otherwise the lab must exist. */
  readonly boots?: boolean
  /** How to connect; by OpenSSH unless stated. */
  readonly transport?: Transport
  readonly emit?: Emit
  /** Set to stop the boot of a lab. */
  readonly signal?: AbortSignal
}

/**
 * Opens a session on the user's servers or, with `lab`, on the lab on this computer.
 *
 * @example
 * ```ts
 * const session = await openSession({ folder: '/home/ana/shop', lab: true })
 * ```
 * @throws TRI-CONFIG-…; TRI-KEY-001; TRI-SITE-001; TRI-LAB-004; TRI-SSH-001 for a server that was never reached
 */
export async function openSession(wish: SessionWish = {}): Promise<Session> {
  const { transport = createSshTransport() } = wish
  const emit = withoutSecrets(wish.emit ?? ignoreEvents)
  const project = await openProject(wish)
  if (wish.lab !== true) return await openProduction(project, transport, emit)
  const lab = wish.boots === true ? await bootLab(project, emit, wish.signal) : await findLab(project)
  const known = await readKnownServers(project.stateFolder, 'lab')
  const session = await sessionOf(project, labPlacement(lab), known, connector(transport, lab.sshConfig))
  const booted = new Set(lab.servers.map(({ name }) => name))
  const absent = session.stack.servers.map(({ name }) => name).filter((name) => !booted.has(name))
  return { ...session, absent: new Set(absent), supply: supplierFor(session.stack, session.connect) }
}

/** The user's own servers. They are asked once for the addresses that the file does not state. */
async function openProduction(project: Project, transport: Transport, emit: Emit): Promise<Session> {
  const { config, folder, stateFolder } = project
  refuseCounts(project)
  const way = connector(transport, config.ssh?.config === undefined ? undefined : resolve(folder, config.ssh.config))
  const known = await readKnownServers(stateFolder, 'production')
  const unlocated = createStack(config, { kind: 'production', addresses: new Map() }, () => [])
  const addresses = await locateServers(unlocated.servers, known, way.connect, emit)
  const moveScript = await readMoveScript(project)
  const app = serversOf(unlocated, 'app').map((server) => ({ ...server, address: addresses.get(server.name)! }))
  const cores = asksForCores(config) ? await countCores(app, known, way.connect) : undefined
  const placement = {
    kind: 'production',
    addresses,
    ...(cores && { cores }),
    ...(moveScript !== undefined && { moveScript }),
  } as const
  return await sessionOf(project, placement, known, way)
}

async function sessionOf(
  project: Project,
  placement: Placement,
  known: readonly KnownServer[],
  way: Pick<Session, 'connect' | 'askAddress' | 'tryPort' | 'placeOf'>,
): Promise<Session> {
  const { config, stateFolder } = project
  const stack = stackOf(config, placement)
  const names = new Set(stack.servers.map(({ name }) => name))
  const key = await loadStackKey(stateFolder, stack.name)
  const secretsOfApp = once(() => readSecrets(project))
  const unmasked = await learnAppSecrets(secretsOfApp)
  return {
    ...project,
    ...way,
    lab: placement.kind === 'lab',
    stack,
    removed: known.filter(({ name }) => !names.has(name)),
    replaced: known.filter(({ name, address }) =>
      stack.servers.some((server) => server.name === name && server.address !== address),
    ),
    secrets: key.secrets,
    keepKey: key.keep,
    readAppSecrets: secretsOfApp,
    ...(unmasked !== undefined && { unmasked }),
    readPages: once(() => readPages(config.pages ?? {}, project)),
  }
}

async function readSecrets(project: Project): Promise<Readonly<Record<string, string>>> {
  const { app } = project.config
  const secrets = await readAppSecrets(app.secrets, project)
  if (hasDatabaseElsewhere({ declared: project.config })) requireDatabaseUrl(app.env, secrets, project)
  return secrets
}

/** How each server is reached. */
function connector(
  transport: Transport,
  sshConfig: string | undefined,
): Pick<Session, 'connect' | 'askAddress' | 'tryPort' | 'placeOf'> {
  const placeOf = ({ name, destination }: Server): Target => ({
    name,
    destination,
    ...(sshConfig !== undefined && { sshConfig }),
  })
  const { askAddress = askOverHttp, tryPort = tryFromThisComputer } = transport
  return { placeOf, connect: (server) => transport.connect(placeOf(server)), askAddress, tryPort }
}

/** The project's script that moves the address: a path that begins with a dot is relative to the config. */
async function readMoveScript({ config, file, folder }: Project): Promise<string | undefined> {
  const { virtualAddress } = config.balancer
  const [script] = (typeof virtualAddress === 'object' ? virtualAddress.move : undefined)?.split(/\s/) ?? []
  if (script === undefined || !script.startsWith('.')) return undefined
  try {
    return await readFile(join(folder, script), 'utf8')
  } catch (error) {
    throw failure('TRI-CONFIG-006', {
      what: `balancer.virtualAddress.move names ${script}, which cannot be read`,
      where: file,
      why: (error as Error).message,
      next: 'name a script beside the config, or a command that is on the balancers, by its absolute path',
    })
  }
}

function refuseCounts({ config, file }: Project): void {
  const counted = tierNames.filter((tier) => hasServers(config[tier]) && typeof config[tier].servers === 'number')
  if (counted.length === 0) return
  throw failure('TRI-SITE-001', {
    what: `${counted.join(', ')}: a number says how many servers, not which`,
    where: file,
    why: 'on your own servers each one is named by its SSH destination',
    next: `write servers: ['${counted[0]}-a.example.com', …], or add --lab to run this file on this computer`,
  })
}

/**
 * The number of copies of a process depends on the server's cores, which must be known before it is asked for
 * everything else.
 */
const asksForCores = ({ app }: Config): boolean =>
  [app.instances, ...Object.values(app.processes).map(({ instances }) => instances)].includes('cores')

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined
  return () => (known ??= read())
}

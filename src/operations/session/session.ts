import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import { readAppSecrets } from '../../config/load/read-app-secrets.ts'
import { readPages } from '../../config/load/read-pages.ts'
import type { Config, Pages } from '../../config/schema.ts'
import { components } from '../../components/index.ts'
import { countCores } from '../../engine/count-cores.ts'
import { type KnownServer, readKnownServers, type Where } from '../../engine/known-servers.ts'
import { closePrivateFolder } from '../../engine/private-folder.ts'
import { locateServers } from '../../engine/locate-servers.ts'
import { loadStackKey, type Secrets } from '../../engine/stack-key.ts'
import { failure } from '../../errors/failure.ts'
import { createStack, type Placement } from '../../stack/create-stack.ts'
import { type Server, type Stack, serversOf } from '../../stack/stack.ts'
import { tierNames } from '../../stack/tiers.ts'
import { createSshTransport } from '../../transport/ssh-transport.ts'
import type { Connection, Place, Transport } from '../../transport/transport.ts'
import { learnAppSecrets, learnFromConfig } from './learn-secrets.ts'
import type { Tell } from '../../events/event.ts'

export interface SessionFlags {
  readonly lab: boolean
  /** A config file other than the one found in this folder or above. */
  readonly config?: string
}

/** Everything that a verb needs to know before it starts: what was declared, what it means, how to reach it. */
export interface Session {
  readonly config: Config
  readonly file: string
  readonly folder: string
  /** `.trimaran` beside the config: key, known servers, releases, event logs. Ignored by git. */
  readonly stateFolder: string
  readonly lab: boolean
  readonly stack: Stack
  /** Servers that were set up once and that the file no longer has. */
  readonly removed: readonly Server[]
  /** Machines that were set up once, and whose places in the file other machines have now. */
  readonly replaced: readonly Server[]
  readonly secrets: Secrets
  /** The values of `app.secrets`, read once. @throws TRI-CONFIG-007 */
  readonly readAppSecrets: () => Promise<Readonly<Record<string, string>>>
  /** Why some of them are not known, and so not masked in what servers say; absent where all are. */
  readonly unmasked?: string
  /** The user's own pages, read once. @throws TRI-CONFIG-006 or TRI-CONFIG-008 */
  readonly readPages: () => Promise<Pages>
  /** Keeps a stack key that was just made; before anything that derives from it is placed. */
  readonly keepKey: () => Promise<void>
  readonly connect: (server: Server) => Promise<Connection>
  /** How SSH reaches a server, for what needs a terminal there. */
  readonly placeOf: (server: Server) => Place
}

/** What the user wrote, and where. */
export interface Project {
  readonly config: Config
  readonly file: string
  readonly folder: string
  readonly stateFolder: string
}

export async function openProject(flags: SessionFlags): Promise<Project> {
  const loaded = await loadConfig(process.cwd(), flags.config === undefined ? {} : { file: flags.config })
  const stateFolder = join(loaded.folder, '.trimaran')
  await closePrivateFolder(stateFolder)
  learnFromConfig(loaded.config)
  return { ...loaded, stateFolder }
}

/** Opens a session on the user's own servers: the addresses they do not state are asked for, once. */
export async function openSiteSession(project: Project, tell: Tell): Promise<Session> {
  const { config, folder } = project
  refuseCounts(project)
  const sshConfig = config.ssh === undefined ? undefined : join(folder, config.ssh.config)
  const transport = createSshTransport()
  const known = await readKnownServers(project.stateFolder, 'production')
  const unlocated = createStack(config, { kind: 'production', addresses: new Map() }, () => [])
  const addresses = await locateServers(unlocated.servers, known, connector(transport, sshConfig), tell)
  const moveScript = await readMoveScript(project)
  const app = serversOf(unlocated, 'app').map((server) => ({ ...server, address: addresses.get(server.name)! }))
  const cores = asksForCores(config) ? await countCores(app, known, connector(transport, sshConfig)) : undefined
  const placement = {
    kind: 'production',
    addresses,
    ...(cores && { cores }),
    ...(moveScript !== undefined && { moveScript }),
  } as const
  return sessionOf(project, placement, known, connector(transport, sshConfig), sshConfig)
}

/** Opens a session on a lab that is there already. */
export async function openLabSession(project: Project, lab: { subnet: string; sshConfig: string }): Promise<Session> {
  const known = await readKnownServers(project.stateFolder, 'lab')
  const connect = connector(createSshTransport(), lab.sshConfig)
  return sessionOf(project, labPlacement(lab), known, connect, lab.sshConfig)
}

/** The script of the project that moves the address: what begins with a dot is a file beside the config. */
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

/** `198.18.3.0/24` as a lab says it, without the length of its prefix. */
export const labPlacement = ({ subnet }: { readonly subnet: string }): Placement => ({
  kind: 'lab',
  subnet: subnet.slice(0, subnet.indexOf('/')),
  cores: availableParallelism(),
})

async function sessionOf(
  project: Project,
  placement: Placement,
  known: readonly KnownServer[],
  connect: Session['connect'],
  sshConfig: string | undefined,
): Promise<Session> {
  const stack = stackOf(project.config, placement)
  const names = new Set(stack.servers.map(({ name }) => name))
  const key = await loadStackKey(project.stateFolder, stack.name)
  const secretsOfApp = once(() => readAppSecrets(project.config.app.secrets, project))
  const unmasked = await learnAppSecrets(secretsOfApp)
  return {
    ...project,
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
    readPages: once(() => readPages(project.config.pages ?? {}, project)),
    connect,
    placeOf: (server) => placeOf(server, sshConfig),
  }
}

/** The meaning of a config, with the links that all components declare. */
export function stackOf(config: Config, placement: Placement): Stack {
  return createStack(config, placement, (stack) => components.flatMap((component) => component.links(stack)))
}

/** Lab and production are different servers with the same names. */
export const whereOf = ({ lab }: Pick<Session, 'lab'>): Where => (lab ? 'lab' : 'production')

/** The same session in which one machine is about to leave the stack. */
export function withRemovedServer(session: Session, server: Server): Session {
  const replaced = session.replaced.filter(({ name }) => name !== server.name)
  const base = { ...session.stack, servers: session.stack.servers.filter(({ name }) => name !== server.name) }
  const stack = { ...base, links: components.flatMap((component) => component.links(base)) }
  return { ...session, stack, removed: [...session.removed, server], replaced }
}

/** The stack as it still is on servers that are about to leave it. */
export function withRemoved({ stack, removed }: Pick<Session, 'stack' | 'removed'>): Stack {
  if (removed.length === 0) return stack
  const all = [...stack.servers, ...removed]
  const servers = tierNames.flatMap((tier) => serversOf({ servers: all }, tier).toSorted((a, b) => a.index - b.index))
  const base = { ...stack, servers }
  return { ...base, links: components.flatMap((component) => component.links(base)) }
}

const placeOf = ({ name, destination }: Server, sshConfig: string | undefined): Place => ({
  name,
  destination,
  ...(sshConfig !== undefined && { sshConfig }),
})

function connector(transport: Transport, sshConfig: string | undefined): Session['connect'] {
  return (server) => transport.connect(placeOf(server, sshConfig))
}

function refuseCounts({ config, file }: Project): void {
  const counted = tierNames.filter((tier) => typeof config[tier].servers === 'number')
  if (counted.length === 0) return
  throw failure('TRI-SITE-001', {
    what: `${counted.join(', ')}: a number says how many servers, not which`,
    where: file,
    why: 'on your own servers each one is named by its SSH destination',
    next: `write servers: ['${counted[0]}-a.example.com', …], or add --lab to run this file on this computer`,
  })
}

/** The servers that a word names: one server, or all of a tier. */
export function serversNamed(stack: Pick<Stack, 'servers'>, word: string): readonly Server[] {
  const tier = tierNames.find((name) => name === word)
  if (tier !== undefined) return serversOf(stack, tier)
  const server = stack.servers.find(({ name }) => name === word)
  if (server !== undefined) return [server]
  throw failure('TRI-SERVER-001', {
    what: `${word} is neither a server nor a tier of this stack`,
    why: `servers: ${stack.servers.map(({ name }) => name).join(', ')}; tiers: ${tierNames.join(', ')}`,
    next: 'name one of these',
  })
}

/** The one server of that name. */
export function oneServer(stack: Pick<Stack, 'servers'>, name: string): Server {
  const server = stack.servers.find((one) => one.name === name)
  if (server !== undefined) return server
  throw failure('TRI-SERVER-001', {
    what: `${name} is no server of this stack`,
    why: `servers: ${stack.servers.map((one) => one.name).join(', ')}`,
    next: 'name one of these',
  })
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined
  return () => (known ??= read())
}

/** Only the number of copies of a process depends on what a server has before it is asked for everything. */
const asksForCores = ({ app }: Config): boolean =>
  [app.instances, ...Object.values(app.processes).map(({ instances }) => instances)].includes('cores')

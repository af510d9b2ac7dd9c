import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { TrimaranError } from '../../errors/failure.ts'
import type { EventBody } from '../../events/event.ts'
import { firstStackState, type StackState } from '../../stack/stack-state.ts'
import { sealOf, writeStackState } from '../../stack/stack-state-copy.ts'
import { imagineServers, type ImaginedServers } from '../imagined-servers.ts'
import type { Operator } from '../operator.ts'
import { openSession } from '../session/open-session.ts'
import type { Session } from '../session/session.ts'

const config = `export default {
  name: 'shop',
  balancer: { servers: [{ ssh: 'lb-1', address: '10.0.0.11' }, { ssh: 'lb-2', address: '10.0.0.12' }], virtualAddress: '10.0.0.10/24' },
  web: { servers: [{ ssh: 'web-1', address: '10.0.0.31' }, { ssh: 'web-2', address: '10.0.0.32' }], root: 'public' },
  app: { servers: [{ ssh: 'app-1', address: '10.0.0.111' }, { ssh: 'app-2', address: '10.0.0.112' }], source: '.', start: 'node server.js', health: '/up' },
  database: { servers: [{ ssh: 'db-1', address: '10.0.0.191' }] },
}
`

export interface ImaginedProject {
  readonly folder: string
  readonly servers: ImaginedServers
  readonly open: () => Promise<Session>
  readonly configText: () => Promise<string>
  /** The event logs of earlier operations. */
  readonly eventLogs: () => Promise<readonly string[]>
}

/** A small shop on seven servers in memory, in a folder of its own that is removed after the test. */
export async function imagineProject(): Promise<ImaginedProject> {
  const folder = await mkdtemp(join(tmpdir(), 'trimaran-operations-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'trimaran.config.ts'), config)
  await writeFile(join(folder, 'server.js'), '')
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  const servers = imagineServers({ 'lb-1': '10.0.0.11/24', 'lb-2': '10.0.0.12/24' })
  const logs = join(folder, '.trimaran', 'events')
  return {
    folder,
    servers,
    open: () => openSession({ folder, transport: servers }),
    configText: () => readFile(join(folder, 'trimaran.config.ts'), 'utf8'),
    eventLogs: async () => {
      const names = await readdir(logs).catch(() => [])
      return await Promise.all(
        names.toSorted((a, b) => a.localeCompare(b)).map((name) => readFile(join(logs, name), 'utf8')),
      )
    },
  }
}

/** The state of the stack of `imagineStack`. */
export const firstState = firstStackState('20261122-120000')

/** The same shop, set up, and a session that is open. */
export async function imagineStack(): Promise<ImaginedProject & { readonly session: Session }> {
  const project = await imagineProject()
  const session = await project.open()
  sayState(session, project.servers, firstState)
  return { ...project, session }
}

/** Has all servers say that they were set up, and that this is the state of the stack. */
export function sayState(
  { stack, secrets }: Session,
  servers: ImaginedServers,
  state: StackState,
  { hasServed } = { hasServed: true },
): void {
  for (const { destination, tier } of stack.servers) {
    servers.say(destination, 'manifest', 'system file /etc/trimaran/motd\n')
    if (hasServed && (tier === 'app' || tier === 'web'))
      servers.say(destination, 'kind:symlink', `/srv/${tier}/current\treleases/${state.release}\n`)
    servers.say(destination, 'stackState', writeStackState(state, sealOf(stack, secrets)))
  }
}

/** Has a web server say that each of its components is well. */
export function sayWebIsWell(servers: ImaginedServers, name: string): void {
  servers.say(name, 'health:system', 'cores\t2\n')
  servers.say(name, 'health:firewall', 'active\npresent\n')
  servers.say(name, 'health:haproxy', '# pxname,svname,status\napp,app-1-blue,UP\napp,app-2-blue,UP\n')
  servers.say(name, 'health:nginx', 'ActiveState=active\nalive=200\nrelease=20261122-120000\n')
}

/** The scripts that changed a server. */
export const changesOf = (servers: ImaginedServers, destination: string): readonly string[] =>
  servers.server(destination).scripts.filter((script) => script.includes('roll_back_all()'))

/** The failure of an operation; throws where it did not fail, or failed by a defect. */
export async function failureOf(work: Promise<unknown>): Promise<TrimaranError> {
  const outcome: unknown = await work.catch((error: unknown) => error)
  if (outcome instanceof TrimaranError) return outcome
  throw outcome instanceof Error ? outcome : new Error(`it did not fail: ${JSON.stringify(outcome)}`)
}

/** An operator who answers every question alike, with the events, proposals and questions it got. */
export function listen<Shown, Asked = Shown>(answer: boolean) {
  const heard: EventBody[] = []
  const shown: Shown[] = []
  const asked: Asked[] = []
  const operator: Operator<Shown, Asked> = {
    emit: (event) => void heard.push(event),
    show: (proposed) => void shown.push(proposed),
    confirm: (proposed) => {
      asked.push(proposed)
      return answer
    },
    visitorSeconds: 0,
  }
  return { operator, heard, shown, asked, typesHeard: () => [...new Set(heard.map(({ type }) => type))] }
}

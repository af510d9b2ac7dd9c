import type { ProcessEntry } from '../../config/schema.ts'
import type { Server, Stack } from '../../stack/stack.ts'

/** One of the programs that a release is made of. */
export interface Process {
  readonly name: string
  /** The command that starts it, in the release's folder. */
  readonly command: string
  readonly instances: number | 'cores'
  /** The port of its first copy in the first slot; absent where it answers no requests. */
  readonly firstPort?: number
  /** The path that tells whether it is well; with a port. */
  readonly health: string
  /** Requests below these paths go to it; none where it gets all others. */
  readonly paths: readonly string[]
  /** How many requests a copy works on at a time, where that is stated. */
  readonly concurrency?: number
  /** True where only one copy runs in the whole tier at a time. */
  readonly isAlone: boolean
  /** When it runs, for a scheduled process; systemd.time(7). */
  readonly at?: string
}

const firstPort = 3000
/** Room for both slots, each with at most 64 copies. */
const portsPerProcess = 200

/** All that a release runs on each app server; `web` first. */
export function processesOf({ declared }: Pick<Stack, 'declared'>): readonly Process[] {
  const { start, instances, health, processes, concurrency } = declared.app
  const web: Process = {
    name: 'web',
    command: start,
    instances,
    firstPort,
    health,
    paths: [],
    isAlone: false,
    ...(concurrency !== undefined && { concurrency }),
  }
  const named = Object.entries(processes).toSorted(([a], [b]) => a.localeCompare(b))
  const routed = named.filter(([, { paths }]) => paths !== undefined).map(([name]) => name)
  return [web, ...named.map(([name, entry]) => processFrom(name, entry, health, routed.indexOf(name)))]
}

const processFrom = (name: string, entry: ProcessEntry, health: string, position: number): Process => ({
  name,
  command: entry.start,
  instances: entry.instances ?? 1,
  health: entry.health ?? health,
  paths: entry.paths ?? [],
  isAlone: entry.on === 'one',
  ...(position >= 0 && { firstPort: firstPort + portsPerProcess * (position + 1) }),
  ...(entry.at !== undefined && { at: entry.at }),
  ...(entry.concurrency !== undefined && { concurrency: entry.concurrency }),
})

/** How many copies of a process a server runs. A server whose cores are not known yet counts as having one. */
export const copiesOf = ({ instances }: Process, server: Pick<Server, 'size'>): number =>
  instances === 'cores' ? Math.min(64, Math.max(1, server.size?.cores ?? 1)) : instances

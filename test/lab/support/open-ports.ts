import { fileURLToPath } from 'node:url'
import { stackOf } from '../../../src/operations/session/stack-of.ts'
import type { Outcome } from '../../../src/config/load/testing/load-each.ts'
import { linksAcceptedBy, type Link, type Server, type Stack } from '../../../src/stack/stack.ts'
import type { Project } from './project.ts'
import { runProgram } from './run-program.ts'

/** Loads a config in a Node of its own: under vitest, imports are vitest's. */
const loader = fileURLToPath(new URL('../../../src/config/load/testing/load-each.ts', import.meta.url))

/**
 * Compares the links into each server with all that listens there beyond loopback, whatever has opened it: one line for
 * each difference. Of the app's two slots one may stand idle, with all of its ports.
 */
export async function differencesFromLinks(project: Project): Promise<readonly string[]> {
  const stack = await stackIn(project)
  const differences = await Promise.all(
    stack.servers.map(async (server) => {
      const linked = new Set(linksAcceptedBy(stack, server).flatMap(portsOf))
      const open = await openOn(server, project)
      const idle = slotsOn(server, stack).find((slot) => slot.every((port) => !open.has(port))) ?? []
      return [
        ...[...open]
          .filter((port) => !linked.has(port))
          .map((port) => `${server.name}: ${port} is open, and in no link`),
        ...[...linked]
          .filter((port) => !open.has(port) && !idle.includes(port))
          .map((port) => `${server.name}: ${port} is in a link, and closed`),
      ]
    }),
  )
  return differences.flat()
}

function slotsOn(server: Server, stack: Stack): readonly (readonly string[])[] {
  const places = linksAcceptedBy(stack, server).flatMap(({ service }) => service?.endpoints?.list ?? [])
  return [...Map.groupBy(places, ({ name }) => name.split('-')[0]).values()].map((slot) =>
    slot.map(({ port }) => `tcp ${port}`),
  )
}

async function stackIn({ folder, name, trimaran }: Project): Promise<Stack> {
  const { stdout: listed } = await trimaran('lab', 'list', '--json')
  const { labs } = JSON.parse(listed) as { labs: { name: string; subnet: string }[] }
  const { subnet } = labs.find((lab) => lab.name === name)!
  const { stdout } = await runProgram(process.execPath, [loader, folder]).ended
  const [outcome] = JSON.parse(stdout) as readonly Outcome[]
  if (outcome?.config === undefined) throw new Error(outcome?.failure ?? `${folder} has no config`)
  return stackOf(outcome.config, { kind: 'lab', subnet: subnet.slice(0, subnet.indexOf('/')) })
}

const portsOf = ({ protocol, ports }: Link): readonly string[] =>
  protocol === 'vrrp' ? ['vrrp'] : ports.map((port) => `${protocol} ${port}`)

/** TCP and UDP sockets that wait for others, and the raw ones of IP protocol 112. */
async function openOn({ name }: Server, project: Project): Promise<ReadonlySet<string>> {
  const script = "ss -Hltn | sed 's/^/tcp /'; ss -Hlun | sed 's/^/udp /'; ss -Hlwn | sed 's/^/raw /'"
  const { stdout } = await project.trimaran('exec', name, '--lab', '--', script)
  const sockets = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  return new Set(
    sockets.flatMap(([protocol, , , , local = '']) => {
      const [, address = '', port = ''] = /^(.*):(\w+)$/.exec(local) ?? []
      if (/^(127\.|\[::1\]|.*%lo$)/.test(address)) return []
      return [protocol === 'raw' ? (port === '112' ? 'vrrp' : `raw ${port}`) : `${protocol} ${port}`]
    }),
  )
}

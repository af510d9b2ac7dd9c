import { readFileSync } from 'node:fs'
import { lines, sh } from '../../shell/sh.ts'
import { having } from '../../components/component.ts'
import { components } from '../../components/index.ts'
import type { Goal } from '../../status/isolation/expect.ts'
import type { Seen } from '../../status/isolation/isolation.ts'
import type { Listener } from '../../status/isolation/check-isolation.ts'
import type { Connection } from '../../transport/transport.ts'

/** What a server says before connections are tried. */
export interface Surroundings {
  readonly listeners: readonly Listener[]
  /** Its global IPv6 addresses. */
  readonly addresses: readonly string[]
  /** Whether its rules are exactly those of its links. */
  readonly areRulesHeld: boolean
}

const limits = { deadlineSeconds: 60, mostLetters: 4_000_000 } as const
/** No server has more; what is beyond is not read. */
const mostListeners = 500
const mostAddresses = 4

/** Asks where a server listens, at what addresses, and whether its rules are held. */
export async function askSurroundings(connection: Connection): Promise<Surroundings> {
  const holds = having(components, 'guards').map(({ role }) => role.holds)
  const question = lines([
    sh`
      ss -Hltn | awk '{ print "tcp", $4 }'
      ss -Hlun | awk '{ print "udp", $4 }'
      ip -6 -o addr show scope global | awk '{ sub("/.*", "", $4); print "address", $4 }'
    `,
    ...holds.map((rules) => sh`( ${rules} ) >/dev/null 2>&1 || echo changed`),
  ])
  const { stdout } = await connection.run(question.text, limits)
  const rows = stdout.split('\n')
  return {
    listeners: rows.flatMap(readListener).slice(0, mostListeners),
    addresses: rows.flatMap((row) => /^address ([0-9a-f:]{3,39})$/.exec(row)?.[1] ?? []).slice(0, mostAddresses),
    areRulesHeld: !rows.includes('changed'),
  }
}

function readListener(row: string): readonly Listener[] {
  const [, protocol, address = '', port] = /^(tcp|udp) ([\w.:*[\]%-]{1,60}):(\d{1,5})$/.exec(row) ?? []
  return protocol === undefined ? [] : [{ protocol: protocol as 'tcp' | 'udp', address, port: Number(port) }]
}

const program = readFileSync(new URL('files/try-connections', import.meta.url), 'utf8')

/** Tries connections from a server, as each of these users. */
export async function tryFromServer(
  connection: Connection,
  wanted: ReadonlyMap<string, readonly Goal[]>,
): Promise<readonly { readonly user: string; readonly goal: Goal; readonly seen: Seen }[]> {
  const script = lines([
    sh`program=${program}`,
    ...[...wanted].map(
      ([user, goals]) => sh`
        echo ${`as ${user}`}
        runuser -u ${user} -- perl -e "$program" <<<${goals.map(keyOf).join('\n')}
      `,
    ),
  ])
  const { stdout } = await connection.run(script.text, limits)
  return stdout.split(/^as /m).flatMap((part) => {
    const [user = '', ...rows] = part.split('\n')
    const goals = new Map((wanted.get(user) ?? []).map((goal) => [keyOf(goal), goal]))
    return rows.flatMap((row) => {
      const [, key = '', seen] = /^(.+) (open|refused|silent)$/.exec(row) ?? []
      const goal = goals.get(key)
      return goal === undefined ? [] : [{ user, goal, seen: seen as Seen }]
    })
  })
}

const keyOf = ({ protocol, address, port }: Goal): string => `${protocol} ${address} ${port}`

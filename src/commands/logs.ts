import { buildCommand } from '@stricli/core'
import { type LogLine, logFields, readLogLine } from '../engine/read-log-line.ts'
import { TrimaranError } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import { createOutput, type Output } from '../ui/output.ts'
import { type StackFlags, stackFlags, wholeNumber } from './flags.ts'
import { tellUnmasked } from './tell-unmasked.ts'
import { openSession } from '../operations/session/open-session.ts'
import { serversNamed, type Session } from '../operations/session/session.ts'

interface LogsFlags extends StackFlags {
  readonly follow: boolean
  readonly lines: number
  readonly grep?: string
}

export const logs = buildCommand({
  docs: { brief: 'Show the logs of a server, a tier or the whole stack, merged by time' },
  parameters: {
    flags: {
      ...stackFlags,
      follow: { kind: 'boolean', brief: 'Go on as lines come in', default: false, withNegated: false },
      lines: { kind: 'parsed', parse: wholeNumber, brief: 'How many lines of each server', default: '100' },
      grep: {
        kind: 'parsed',
        parse: String,
        brief: 'Only lines that match, such as a request id',
        optional: true,
        placeholder: 'text',
      },
    },
    aliases: { f: 'follow', n: 'lines' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'A server or tier', parse: String, placeholder: 'server|tier', optional: true }],
    },
  },
  func: async (flags: LogsFlags, word?: string) => {
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'find', output.tell)
    tellUnmasked(session, output)
    const servers = word === undefined ? session.stack.servers : serversNamed(session.stack, word)
    const show = (line: LogLine): void =>
      flags.json ? output.printJson(line) : output.print(render(line, output.tone.dim))
    const reading = { flags, output, show }
    const past = (await Promise.all(servers.map((server) => readPast(session, server, reading)))).flat()
    for (const line of past.toSorted((a, b) => a.at - b.at)) show(line)
    if (flags.follow) await follow(session, servers, reading)
  },
})

interface Reading {
  readonly flags: LogsFlags
  readonly output: Output
  readonly show: (line: LogLine) => void
}

/** The journal, without what the system says of itself. */
const journal = (flags: LogsFlags, range: ReturnType<typeof sh>) => sh`
  journalctl --namespace='*' --no-pager -q -o json --output-fields=${logFields.join(',')} ${range} \
    ${flags.grep === undefined ? [] : [`--grep=${flags.grep}`]} \
    -u haproxy -u nginx -u 'app-*' -u patroni -u etcd -u trimaran-observer -u pgbouncer -u keepalived
`

async function readPast(session: Session, server: Server, { flags, output }: Reading): Promise<readonly LogLine[]> {
  try {
    const connection = await session.connect(server)
    const { stdout } = await connection.run(journal(flags, sh`-n ${flags.lines}`).text)
    const texts = stdout.split('\n').filter((text) => text !== '')
    const lines = texts.flatMap((text) => readLogLine(server.name, text) ?? [])
    if (lines.length < texts.length) tellUnread(server, texts.length - lines.length, output)
    return lines
  } catch (error) {
    noteUnreachable(server, error, output)
    return []
  }
}

async function follow(session: Session, servers: readonly Server[], reading: Reading): Promise<void> {
  const { flags, output, show } = reading
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  await Promise.all(
    servers.map(async (server) => {
      const onLine = (text: string): void => {
        const line = readLogLine(server.name, text)
        if (line !== undefined) show(line)
        else if (text !== '') tellUnread(server, 1, output)
      }
      try {
        const connection = await session.connect(server)
        await connection.follow(journal(flags, sh`-n 0 -f`).text, onLine, controller.signal)
      } catch (error) {
        noteUnreachable(server, error, output)
      }
    }),
  )
}

function noteUnreachable({ name }: Server, error: unknown, output: Output): void {
  if (!(error instanceof TrimaranError)) throw error
  output.aside(`${name} is unreachable: ${error.facts.why ?? error.message}`)
}

const tellUnread = ({ name }: Server, lines: number, output: Output): void =>
  output.aside(`${name}: ${lines === 1 ? 'a line' : `${lines} lines`} of its journal could not be read`)

/** Each line of a message says whose it is: one that only looked so could be anybody's. */
function render({ at, server, component, message }: LogLine, dim: (text: string) => string): string {
  const time = new Date(at).toISOString().slice(11, 23)
  const head = `${dim(time)} ${server.padEnd(6)} ${dim(component.padEnd(10))}`
  return message
    .split('\n')
    .map((line) => `${head} ${line}`)
    .join('\n')
}

import { buildCommand } from '@stricli/core'
import { TrimaranError } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import { createOutput } from '../ui/output.ts'
import { type StackFlags, stackFlags, wholeNumber } from './flags.ts'
import { openSession } from './open-session.ts'
import { serversNamed, type Session } from './session.ts'

interface LogsFlags extends StackFlags {
  readonly follow: boolean
  readonly lines: number
  readonly grep?: string
}

/** One line of the journal, as `journalctl -o json` gives it, reduced to what is shown. */
interface LogLine {
  readonly at: number
  readonly server: string
  readonly unit: string
  readonly message: string
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
    const servers = word === undefined ? session.stack.servers : serversNamed(session.stack, word)
    const show = (line: LogLine): void =>
      flags.json ? output.printJson(line) : output.print(render(line, output.tone.dim))
    const past = (await Promise.all(servers.map((server) => readPast(session, server, flags)))).flat()
    for (const line of past.toSorted((a, b) => a.at - b.at)) show(line)
    if (flags.follow) await follow(session, servers, flags, show)
  },
})

/** The journal, without what the system says of itself. */
const journal = (flags: LogsFlags, range: ReturnType<typeof sh>) => sh`
  journalctl --namespace='*' --no-pager -q -o json --output-fields=_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,MESSAGE ${range} \
    ${flags.grep === undefined ? [] : [`--grep=${flags.grep}`]} \
    -u haproxy -u nginx -u 'app-*' -u patroni -u etcd -u trimaran-observer -u pgbouncer -u keepalived
`

async function readPast(session: Session, server: Server, flags: LogsFlags): Promise<readonly LogLine[]> {
  try {
    const connection = await session.connect(server)
    const { stdout } = await connection.run(journal(flags, sh`-n ${flags.lines}`).text)
    return stdout.split('\n').flatMap((text) => readLine(server, text))
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    process.stderr.write(`${server.name} is left out: ${error.facts.why ?? error.message}\n`)
    return []
  }
}

async function follow(
  session: Session,
  servers: readonly Server[],
  flags: LogsFlags,
  show: (line: LogLine) => void,
): Promise<void> {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  await Promise.all(
    servers.map(async (server) => {
      try {
        const connection = await session.connect(server)
        const onLine = (text: string): void => readLine(server, text).forEach(show)
        await connection.follow(journal(flags, sh`-n 0 -f`).text, onLine, controller.signal)
      } catch (error) {
        if (!(error instanceof TrimaranError)) throw error
        process.stderr.write(`${server.name} is left out: ${error.facts.why ?? error.message}\n`)
      }
    }),
  )
}

function readLine(server: Server, text: string): readonly LogLine[] {
  if (!text.startsWith('{')) return []
  const entry = JSON.parse(text) as Readonly<Record<string, unknown>>
  const unit = textOf(entry['SYSLOG_IDENTIFIER'] ?? entry['_SYSTEMD_UNIT'])
  const message = readable(textOf(entry['MESSAGE']))
  return [{ at: Number(entry['__REALTIME_TIMESTAMP']) / 1000, server: server.name, unit, message }]
}

/** etcd speaks JSON; a person wants its sentence. */
function readable(message: string): string {
  if (!message.startsWith('{"level"')) return message
  try {
    const { level, msg, error } = JSON.parse(message) as Readonly<Record<'level' | 'msg' | 'error', unknown>>
    return [`${textOf(level)}: ${textOf(msg)}`, textOf(error)].filter((part) => part !== '').join(': ')
  } catch {
    return message
  }
}

/** A message that is not plain text comes as its bytes. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return Buffer.from(value as number[]).toString()
  return typeof value === 'string' ? value : ''
}

function render({ at, server, unit, message }: LogLine, dim: (text: string) => string): string {
  const time = new Date(at).toISOString().slice(11, 23)
  return `${dim(time)} ${server.padEnd(6)} ${dim(unit.padEnd(10))} ${message}`
}

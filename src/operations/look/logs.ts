import { type LogLine, logFields, readLogLine } from '../../engine/read-log-line.ts'
import { TrimaranError } from '../../errors/failure.ts'
import { sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'

export interface LogWish {
  /** Only lines that match, such as a request id. */
  readonly grep?: string
}

/** Who reads along. */
export interface LogReader {
  readonly onLine: (line: LogLine) => void
  /** Called with how many lines of a server's journal could not be read. */
  readonly onUnread: (server: string, lines: number) => void
  readonly onUnreachable: (server: string, why: string) => void
}

/** Reads the last lines of each server's journal, merged by time. */
export async function readLogs(
  session: Pick<Session, 'connect'>,
  servers: readonly Server[],
  { grep, lines }: LogWish & { readonly lines: number },
  reader: LogReader,
): Promise<void> {
  const script = journal(sh`-n ${lines}`, grep)
  const past = await Promise.all(servers.map((server) => readPast(session, server, script, reader)))
  for (const line of past.flat().toSorted((a, b) => a.at - b.at)) reader.onLine(line)
}

/** Reads what each server's journal says from now on, until the signal is given. */
export async function followLogs(
  { connect }: Pick<Session, 'connect'>,
  servers: readonly Server[],
  { grep }: LogWish,
  reader: LogReader,
  signal: AbortSignal,
): Promise<void> {
  const script = journal(sh`-n 0 -f`, grep)
  await Promise.all(
    servers.map(async (server) => {
      const onText = (text: string): void => {
        const line = readLogLine(server.name, text)
        if (line !== undefined) reader.onLine(line)
        else if (text !== '') reader.onUnread(server.name, 1)
      }
      try {
        const connection = await connect(server)
        await connection.follow(script.text, onText, signal)
      } catch (error) {
        reader.onUnreachable(server.name, reasonOf(error))
      }
    }),
  )
}

/** The journal, without what the system says of itself. */
const journal = (range: Shell, grep: string | undefined): Shell => sh`
  journalctl --namespace='*' --no-pager -q -o json --output-fields=${logFields.join(',')} ${range} \
    ${grep === undefined ? sh`` : sh`--grep=${grep}`} \
    -u haproxy -u nginx -u 'app-*' -u patroni -u etcd -u trimaran-observer -u pgbouncer -u keepalived
`

async function readPast(
  { connect }: Pick<Session, 'connect'>,
  server: Server,
  script: Shell,
  reader: LogReader,
): Promise<readonly LogLine[]> {
  try {
    const connection = await connect(server)
    const { stdout } = await connection.run(script.text)
    const texts = stdout.split('\n').filter((text) => text !== '')
    const lines = texts.flatMap((text) => readLogLine(server.name, text) ?? [])
    if (lines.length < texts.length) reader.onUnread(server.name, texts.length - lines.length)
    return lines
  } catch (error) {
    reader.onUnreachable(server.name, reasonOf(error))
    return []
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof TrimaranError)) throw error
  return error.facts.why ?? error.message
}

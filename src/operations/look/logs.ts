import { type LogLine, readLogLine } from '../../engine/read-log-line.ts'
import { failure, TrimaranError } from '../../errors/failure.ts'
import type { Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'
import { journalScript, type LogWish } from './journal-script.ts'

/** The receivers of log lines. */
export interface LogReader {
  readonly onLine: (line: LogLine) => void
  /** Called with how many lines of a server's journal could not be read. */
  readonly onUnread: (server: string, lines: number) => void
  readonly onUnreachable: (server: string, why: string) => void
}

/** Reads the last lines of each server's journal, merged by time. @throws TRI-USAGE-001 where `grep` is no pattern */
export async function readLogs(
  session: Pick<Session, 'connect' | 'stack'>,
  servers: readonly Server[],
  wish: LogWish & { readonly lines: number },
  reader: LogReader,
): Promise<void> {
  const script = journalScript(session.stack, wish, wish.lines)
  const past = await Promise.all(servers.map((server) => readPast(session, server, script, reader)))
  for (const line of past.flat().toSorted((a, b) => a.at - b.at)) reader.onLine(line)
}

/** Follows each server's journal from now on, until the signal is set. */
export async function followLogs(
  { connect, stack }: Pick<Session, 'connect' | 'stack'>,
  servers: readonly Server[],
  wish: LogWish,
  reader: LogReader,
  signal: AbortSignal,
): Promise<void> {
  const script = journalScript(stack, wish)
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

async function readPast(
  { connect }: Pick<Session, 'connect'>,
  server: Server,
  script: Shell,
  reader: LogReader,
): Promise<readonly LogLine[]> {
  try {
    const connection = await connect(server)
    const { stdout, stderr } = await connection.run(script.text)
    refuseBadPattern(stderr)
    const texts = stdout.split('\n').filter((text) => text !== '')
    const lines = texts.flatMap((text) => readLogLine(server.name, text) ?? [])
    if (lines.length < texts.length) reader.onUnread(server.name, texts.length - lines.length)
    return lines
  } catch (error) {
    reader.onUnreachable(server.name, reasonOf(error))
    return []
  }
}

/** The servers' own journalctl checks the pattern, since it alone knows what it accepts. */
function refuseBadPattern(stderr: string): void {
  const objection = /^(?:Bad pattern|.*PCRE2).*$/m.exec(stderr)?.[0]
  if (objection === undefined) return
  throw failure('TRI-USAGE-001', {
    what: '--grep names what is not a regular expression',
    why: objection,
    next: String.raw`put a backslash before ( ) [ ] { } . * + ? ^ $ | to search for the character itself: 'size \(max\)'`,
  })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof TrimaranError) || error.code === 'TRI-USAGE-001') throw error
  return error.facts.why ?? error.message
}

import { shortQuery } from '../../engine/short-query.ts'
import { askTrail, type HistoryEntry, readHistory } from '../../engine/read-history.ts'
import { TrimaranError } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import { ignoreEvents } from '../emit.ts'
import type { Session } from '../session/session.ts'

/** A command writes several lines on a server: one for each wave. */
const linesForEach = 6

/** Who changed what and when, from the servers' audit trails: the last commands, the newest last. */
export async function history(
  { stack, connect }: Pick<Session, 'stack' | 'connect'>,
  commands: number,
  emit: Emit = ignoreEvents,
): Promise<readonly HistoryEntry[]> {
  const trails = new Map<string, string>()
  await Promise.all(
    stack.servers.map(async (server) => {
      try {
        const connection = await connect(server)
        trails.set(server.name, (await connection.run(askTrail(commands * linesForEach).text, shortQuery)).stdout)
      } catch (error) {
        if (!(error instanceof TrimaranError)) throw error
        emit({ type: 'unreachable', server: server.name, why: error.facts.why ?? error.message })
      }
    }),
  )
  const { commands: entries, damaged } = readHistory(trails)
  if (damaged.length > 0) {
    const text = `lines of the audit trail of ${damaged.join(', ')} could not be read`
    emit({ type: 'note', level: 'warning', text })
  }
  return entries.slice(-commands)
}

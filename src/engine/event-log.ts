import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { EventBody } from './event.ts'

export interface EventLog {
  readonly write: (event: EventBody) => void
  /** Ends the log; one that is not worth keeping is removed. */
  readonly close: (keep: boolean) => Promise<void>
}

/** Opens the replayable log of one command: a JSON event a line, in `.trimaran/events`. */
export async function openEventLog(stateFolder: string, command: string): Promise<EventLog> {
  const folder = join(stateFolder, 'events')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${command}.jsonl`)
  const stream = createWriteStream(file, { flags: 'a' })
  return {
    write: (event) => stream.write(`${JSON.stringify({ ...event, at: new Date().toISOString() })}\n`),
    close: async (keep) => {
      stream.end()
      await finished(stream)
      if (!keep) await rm(file, { force: true })
    },
  }
}

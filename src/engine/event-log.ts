import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { hideSecrets } from '../speech/known-secrets.ts'
import { mapTexts } from '../speech/mask.ts'
import { jsonLine } from '../speech/visible.ts'
import type { EventBody } from '../events/event.ts'
import { makePrivateFolder, privateFile } from './private-folder.ts'

export interface EventLog {
  readonly write: (event: EventBody) => void
  /** Ends the log; one that is not worth keeping is removed. */
  readonly close: (keep: boolean) => Promise<void>
}

/** Opens the replayable log of one command: a JSON event a line, without secrets, in `.trimaran/events`. */
export async function openEventLog(stateFolder: string, command: string): Promise<EventLog> {
  const folder = join(stateFolder, 'events')
  await makePrivateFolder(stateFolder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${command}.jsonl`)
  const stream = createWriteStream(file, { flags: 'a', mode: privateFile })
  return {
    write: (event) => {
      // Masked here, too, although views mask as well.
      stream.write(`${jsonLine({ ...mapTexts(event, hideSecrets), at: new Date().toISOString() })}\n`)
    },
    close: async (keep) => {
      stream.end()
      await finished(stream)
      if (!keep) await rm(file, { force: true })
    },
  }
}

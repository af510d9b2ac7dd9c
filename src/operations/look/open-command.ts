import { quote } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'
import { noteCommand } from './note-command.ts'
import { type CommandWish, placeCommand } from './place-command.ts'

/** A command that waits on a server until somebody runs it over SSH, with its own input and output. */
export interface OpenCommand {
  /** What SSH is asked to run there. It holds no word of the command. */
  readonly line: string
  /** What the server said when the command was noted there; empty where all is well. */
  readonly said: string
  /** Ends the command, and all that it started, where it still runs. */
  readonly stop: () => Promise<void>
}

/**
 * Places a command on a server, and notes it in the audit trail there.
 * @throws TRI-SSH-… where the server is not reached
 */
export async function openCommand(
  session: Pick<Session, 'stack' | 'connect'>,
  server: Server,
  wish: CommandWish,
): Promise<OpenCommand> {
  const { place, run, stop } = placeCommand(wish)
  const note = noteCommand(session, wish.asApp === true ? 'exec --app' : 'exec', wish.command)
  const connection = await session.connect(server)
  const { stderr } = await connection.run(`${note.text}\n${place.text}`)
  const shell = `bash --norc -c ${quote(run.text)}`
  return {
    line: `cd /; if [ "$(id -u)" = 0 ]; then exec ${shell}; else exec sudo -n -H ${shell}; fi`,
    said: stderr.trim(),
    stop: async () => {
      await connection.run(stop.text)
    },
  }
}

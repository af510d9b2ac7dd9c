import { TrimaranError } from '../../errors/failure.ts'
import type { Server } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'
import { noteCommand } from './note-command.ts'
import { type CommandWish, placeCommand } from './place-command.ts'

export interface CommandResult {
  readonly server: string
  /** The command's exit code; 1 where the server was not reached. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command on servers, all at once and as long as it takes, and notes it in their audit trails. */
export async function runCommand(
  session: Pick<Session, 'stack' | 'connect'>,
  servers: readonly Server[],
  wish: CommandWish,
): Promise<readonly CommandResult[]> {
  const note = noteCommand(session, wish.asApp === true ? 'exec --app' : 'exec', wish.command)
  const { place, run } = placeCommand(wish)
  const script = `${note.text}\n${place.text}\nexec </dev/null\n${run.text}`
  return await Promise.all(servers.map((server) => runOn(server, session, script)))
}

async function runOn(server: Server, { connect }: Pick<Session, 'connect'>, script: string): Promise<CommandResult> {
  try {
    const connection = await connect(server)
    return { server: server.name, ...(await connection.run(script, { deadlineSeconds: Infinity })) }
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    const stderr = `${error.message}: ${error.facts.why ?? ''}\n`
    return { server: server.name, code: 1, stdout: '', stderr }
  }
}

import { roleOf } from '../../components/index.ts'
import { TrimaranError } from '../../errors/failure.ts'
import type { Server } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'
import { noteCommand } from './note-command.ts'

export interface CommandResult {
  readonly server: string
  /** The command's exit code; 1 where the server was not reached. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandWish {
  /** A line of shell. */
  readonly command: string
  /** Whether it runs as the app does, in its current release; else as root. */
  readonly asApp?: boolean
}

/** Runs a command on servers, all at once, and notes it in their audit trails. */
export async function runCommand(
  session: Pick<Session, 'stack' | 'connect'>,
  servers: readonly Server[],
  { command, asApp = false }: CommandWish,
): Promise<readonly CommandResult[]> {
  const note = noteCommand(session, asApp ? 'exec --app' : 'exec', command)
  const script = `${note.text}\n${asApp ? roleOf('runsApp').runInRelease(command).text : command}`
  return await Promise.all(servers.map((server) => runOn(server, session, script)))
}

async function runOn(server: Server, { connect }: Pick<Session, 'connect'>, script: string): Promise<CommandResult> {
  try {
    const connection = await connect(server)
    return { server: server.name, ...(await connection.run(script)) }
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    const stderr = `${error.message}: ${error.facts.why ?? ''}\n`
    return { server: server.name, code: 1, stdout: '', stderr }
  }
}

import { pausePath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import type { Server, TierName } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

/** How long requests of one server to the tier waited. */
export interface Paused {
  readonly server: string
  /** Absent where the pause ended before it was resumed. */
  readonly milliseconds?: number
}

export type Pausing =
  | { readonly resume: () => Promise<readonly Paused[]> }
  | { readonly refused: readonly { readonly server: string; readonly why: string }[] }

/** Longer than the program on the servers takes. */
const deadlineSeconds = 40
/** It prints a line or two. */
const mostLetters = 10_000

/**
 * Pauses the requests of these servers to a tier, on all of them at once. If one cannot, none does. `resume` ends the
 * pause, or a time limit.
 */
export async function pauseRequests(
  servers: readonly Server[],
  tier: TierName,
  connect: (server: Server) => Promise<Connection>,
): Promise<Pausing> {
  const send = async (server: Server, word: 'pause' | 'resume' | 'cancel') => {
    const connection = await connect(server)
    return connection.run(sh`${pausePath(tier)} ${word}`.text, { deadlineSeconds, mostLetters })
  }
  const attempts = await Promise.all(
    servers.map(async (server) => {
      try {
        const { code, stdout, stderr } = await send(server, 'pause')
        return { server, ...(code !== 0 && { why: (stdout + stderr).trim() }) }
      } catch (error) {
        return { server, why: (error as Error).message }
      }
    }),
  )
  const refused = attempts.flatMap(({ server, why }) => (why === undefined ? [] : [{ server: server.name, why }]))
  if (refused.length > 0) {
    const paused = attempts.filter(({ why }) => why === undefined)
    await Promise.allSettled(paused.map(({ server }) => send(server, 'cancel')))
    return { refused }
  }
  const resume = async (server: Server): Promise<Paused> => {
    const { stdout } = await send(server, 'resume')
    const milliseconds = /^paused (\d{1,9})$/m.exec(stdout)?.[1]
    return { server: server.name, ...(milliseconds !== undefined && { milliseconds: Number(milliseconds) }) }
  }
  return {
    resume: () => Promise.all(servers.map((server) => resume(server).catch((): Paused => ({ server: server.name })))),
  }
}

import { holdPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import type { Server, TierName } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

/** What one server asked of the tier waited for so long. */
export interface Held {
  readonly server: string
  /** Absent where it went on by itself before it was let go. */
  readonly milliseconds?: number
}

export type Holding =
  | { readonly letGo: () => Promise<readonly Held[]> }
  | { readonly refused: readonly { readonly server: string; readonly why: string }[] }

/** Longer than the program on the servers ever takes. */
const deadlineSeconds = 40
/** It says a line or two. */
const mostLetters = 10_000

/**
 * Holds back what these servers ask of a tier, on all of them at once. Where one cannot, none does. They go on with `letGo`,
 * or by themselves a while later.
 */
export async function holdRequests(
  servers: readonly Server[],
  tier: TierName,
  connect: (server: Server) => Promise<Connection>,
): Promise<Holding> {
  const tell = async (server: Server, word: 'hold' | 'let-go' | 'resume') => {
    const connection = await connect(server)
    return connection.run(sh`${holdPath(tier)} ${word}`.text, { deadlineSeconds, mostLetters })
  }
  const attempts = await Promise.all(
    servers.map(async (server) => {
      try {
        const { code, stdout, stderr } = await tell(server, 'hold')
        return { server, ...(code !== 0 && { why: (stdout + stderr).trim() }) }
      } catch (error) {
        return { server, why: (error as Error).message }
      }
    }),
  )
  const refused = attempts.flatMap(({ server, why }) => (why === undefined ? [] : [{ server: server.name, why }]))
  if (refused.length > 0) {
    const held = attempts.filter(({ why }) => why === undefined)
    await Promise.allSettled(held.map(({ server }) => tell(server, 'resume')))
    return { refused }
  }
  const letGo = async (server: Server): Promise<Held> => {
    const { stdout } = await tell(server, 'let-go')
    const milliseconds = /^held (\d{1,9})$/m.exec(stdout)?.[1]
    return { server: server.name, ...(milliseconds !== undefined && { milliseconds: Number(milliseconds) }) }
  }
  return {
    letGo: () => Promise.all(servers.map((server) => letGo(server).catch((): Held => ({ server: server.name })))),
  }
}

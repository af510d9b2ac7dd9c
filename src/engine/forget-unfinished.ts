import { TrimaranError } from '../errors/failure.ts'
import { unfinishedPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

/**
 * Tells servers that a change is done on all of them: the one of that run, or, where none is named, all that were begun. A server
 * that is lost meanwhile is told by the next change.
 */
export async function forgetUnfinished(
  servers: readonly Server[],
  connect: (server: Server) => Promise<Connection>,
  run?: string,
): Promise<void> {
  const forget =
    run === undefined
      ? sh`rm -f ${unfinishedPath}`
      : sh`if grep -qF ${`"run":"${run}"`} ${unfinishedPath} 2>/dev/null; then rm -f ${unfinishedPath}; fi`
  await Promise.all(
    servers.map(async (server) => {
      try {
        await (await connect(server)).run(forget.text)
      } catch (error) {
        if (!(error instanceof TrimaranError)) throw error
      }
    }),
  )
}

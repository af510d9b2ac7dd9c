import { TrimaranError } from '../errors/failure.ts'
import { unfinishedPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

/**
 * Removes the record of an unfinished change from servers: the change of that run, or all changes where no run is named. A server
 * that is lost meanwhile keeps the record until the next change.
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

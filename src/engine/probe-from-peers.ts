import { shortQuery } from './short-query.ts'
import { TrimaranError } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import { type Server, sshPort } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

/**
 * The neighbours that get an answer from a server, even a refused connection: it is alive, and only this computer
 * cannot reach it. A neighbour that cannot be asked counts as no answer.
 */
export async function probeFromPeers(
  { address }: Pick<Server, 'address'>,
  neighbours: readonly Server[],
  connect: (server: Server) => Promise<Connection>,
): Promise<readonly string[]> {
  const question = sh`
    said=$(timeout 2 bash -c ${`</dev/tcp/${address}/${sshPort}`} 2>&1)
    case $?$said in 0*|*refused*) echo heard ;; esac
  `
  const heard = await Promise.all(
    neighbours.map(async (neighbour) => {
      try {
        const { stdout } = await (await connect(neighbour)).run(question.text, shortQuery)
        return stdout.includes('heard') ? [neighbour.name] : []
      } catch (error) {
        if (error instanceof TrimaranError) return []
        throw error
      }
    }),
  )
  return heard.flat()
}

import { failure } from '../../errors/failure.ts'
import type { Server } from '../../stack/stack.ts'
import type { DatabaseStatus } from '../../status/database.ts'
import { summarise } from '../../status/summarise.ts'
import { serversOfTier } from '../session/name-servers.ts'
import { queryServers } from '../session/query-servers.ts'
import type { Session } from '../session/session.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The primary or, where a replica is wanted, the replica with the least lag. @throws TRI-DATABASE-003; TRI-SERVER-001 where there is none */
export async function findDatabase(
  session: Pick<Session, 'stack' | 'connect' | 'secrets'>,
  wantsReplica: boolean,
): Promise<Server> {
  const servers = serversOfTier(session.stack, 'database')
  const answers = await queryServers(servers, session, { patienceSeconds: 1 })
  const { database } = summarise(session.stack, answers)
  const name = wantsReplica ? nearestReplica(database) : database.leader
  const server = servers.find((one) => one.name === name)
  if (server !== undefined) return server
  throw failure('TRI-DATABASE-003', {
    what: wantsReplica ? 'No replica follows the primary now' : 'No database server leads now',
    next: wantsReplica ? 'leave out --replica to work on the primary' : `look at ${trimaran('status')}`,
  })
}

const nearestReplica = ({ members }: DatabaseStatus): string | undefined =>
  members
    .filter(({ role, state }) => role === 'replica' && state === 'streaming')
    .toSorted((a, b) => (a.lagBytes ?? 0) - (b.lagBytes ?? 0))[0]?.server

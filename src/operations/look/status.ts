import { type StatusReport, summarise } from '../../status/summarise.ts'
import { visitOnce } from './visit.ts'
import { queryServers } from '../session/query-servers.ts'
import type { Session } from '../session/session.ts'

/** The state of the stack: whether visitors are served, each server, who leads, and how the balancers see the servers behind them. */
export async function status(
  session: Pick<Session, 'stack' | 'connect' | 'secrets' | 'askAddress'>,
): Promise<StatusReport> {
  const [answers, visitors] = await Promise.all([
    queryServers(session.stack.servers, session, { patienceSeconds: 1 }),
    visitOnce(session),
  ])
  return summarise(session.stack, answers, visitors)
}

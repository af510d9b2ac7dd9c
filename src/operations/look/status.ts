import { type StatusReport, summarise } from '../../status/summarise.ts'
import { queryServers } from '../session/query-servers.ts'
import type { Session } from '../session/session.ts'

/** The state of the stack: each server, who leads, and how the balancers see the servers behind them. */
export const status = async (session: Pick<Session, 'stack' | 'connect' | 'secrets'>): Promise<StatusReport> =>
  summarise(session.stack, await queryServers(session.stack.servers, session, { patienceSeconds: 1 }))

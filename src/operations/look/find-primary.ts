import type { Server } from '../../stack/stack.ts'
import type { Connection } from '../../transport/transport.ts'
import type { Session } from '../session/session.ts'
import { findDatabase } from './find-database.ts'

/** The primary as it is at each call: it may move. @throws TRI-DATABASE-003 where nobody leads; TRI-SERVER-001 */
export type FindPrimary = () => Promise<{ readonly server: Server; readonly connection: Connection }>

/** How a session finds it. */
export const primaryFinder =
  (session: Pick<Session, 'stack' | 'connect' | 'secrets'>): FindPrimary =>
  async () => {
    const server = await findDatabase(session, false)
    return { server, connection: await session.connect(server) }
  }

import { failure } from '../../errors/failure.ts'
import { requireDeclared } from '../import/require-declared.ts'
import { ignoreEvents } from '../emit.ts'
import { primaryFinder } from '../look/find-primary.ts'
import type { Session } from '../session/session.ts'
import type { There } from './follow-lines.ts'
import { followName, followsNobody, runFollow, whyNot } from './follow-program.ts'

export interface FollowPlace {
  /** Which database of the stack; `app` unless stated. */
  readonly database?: string
}

/** How far a database is that follows a server elsewhere. */
export interface Following {
  readonly database: string
  /** The primary now. */
  readonly server: string
  /** The old server, without a password. */
  readonly source: string
  /** Of the slot and the publication there. */
  readonly name: string
  /** How many are followed, and of how many all rows are here. */
  readonly tables: number
  readonly copied: number
  /** Whether somebody receives changes now. */
  readonly isWorking: boolean
  /** How often something that came could not be written here; the server's log says what. */
  readonly failures: number
  /** What the old server says, or why it says nothing. */
  readonly there: There
}

/**
 * Looks how far it is. Changes nothing.
 * @throws TRI-FOLLOW-003 where it follows nobody; -004 where that cannot be asked; TRI-DATABASE-003
 */
export async function following(session: Session, { database = 'app' }: FollowPlace): Promise<Following> {
  requireDeclared(session, database)
  const { server, connection } = await primaryFinder(session)()
  const name = followName(session.stack, database)
  const said = await runFollow(connection, 'status', { database, name }, { emit: ignoreEvents })
  const { status } = said
  if (status === undefined)
    throw failure('TRI-FOLLOW-004', {
      what: `${server.name} does not say whom ${database} follows`,
      why: whyNot(said),
      state: 'nothing was changed',
    })
  if (!status.isFollowing) throw followsNobody(database)
  const { source = '', tables = {}, isWorking, failures, there = { why: 'it was not asked' } } = status
  return {
    database,
    server: server.name,
    source,
    name,
    tables: Object.values(tables).reduce((sum, count) => sum + count, 0),
    copied: tables['r'] ?? 0,
    isWorking: isWorking === true,
    failures: failures ?? 0,
    there,
  }
}

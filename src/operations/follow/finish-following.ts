import { failure, TrimaranError } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import { serversOf } from '../../stack/stack.ts'
import { recordEvents } from '../change/record-events.ts'
import { withLock } from '../change/with-lock.ts'
import { requireUninterrupted, unchanged } from '../interrupted.ts'
import { primaryFinder } from '../look/find-primary.ts'
import { noteCommand } from '../look/note-command.ts'
import type { Operator } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { runFollow, type Said, whyNot } from './follow-program.ts'
import { type FollowPlace, type Following, following } from './following.ts'

export interface FollowFinish extends FollowPlace {
  /** Even if others are logged in to the old database, which takes writes. */
  readonly isAnyway?: boolean
  /** How long to wait for what is still on its way, in seconds; 60 unless stated. */
  readonly seconds?: number
}

export interface FollowingEnded {
  readonly outcome: 'applied' | 'declined'
  readonly following: Following
  /** What is there now, counted on both sides; absent where it was declined. */
  readonly finished?: {
    readonly tables: number
    readonly rows: number
    readonly sequences: number
    /** Whether PostgreSQL gathered its statistics, which is done at last. */
    readonly isAnalyzed: boolean
  }
}

/**
 * The end of following: nobody writes to the old database any more, all of it is here, each table has as many rows on both sides, and
 * sequences go on where they stood. Then the app may write here, and nothing is left on the old server. While it looks, it holds the
 * tables there against writes.
 * @throws TRI-FOLLOW-003 where it follows nobody; -005 where it is not the time, and nothing was changed; -006 where it is done, and
 * something is left on the old server; TRI-DATABASE-003; TRI-LOCK-001
 */
export async function finishFollowing(
  session: Session,
  { database = 'app', isAnyway = false, seconds = 60 }: FollowFinish,
  operator: Operator<Following>,
): Promise<FollowingEnded> {
  const now = await following(session, { database })
  operator.show?.(now)
  requireUninterrupted(operator, unchanged)
  if (!(await operator.confirm(now))) return { outcome: 'declined', following: now }
  return await recordEvents(session, 'db follow finish', operator, (heard) =>
    withLock(serversOf(session.stack, 'database'), session, heard, async () => {
      const { connection } = await primaryFinder(session)()
      await connection.run(noteCommand(session, 'db follow finish', `${now.source} by ${database}`, heard).text)
      const wish = { database, name: now.name, seconds, isAnyway }
      let said: Said = { error: '' }
      try {
        said = await runFollow(connection, 'finish', wish, { emit: heard.emit, onSaid: (one) => void (said = one) })
      } catch (error) {
        if (!(error instanceof TrimaranError)) throw error
        if (said.finished === undefined) throw unknown(now, error)
      }
      const { finished, cleared, analyzed } = said
      if (finished === undefined) throw notYet(now, said)
      if (cleared === undefined) throw left(now, said, finished.byHand)
      const { tables, rows, sequences } = finished
      return {
        outcome: 'applied' as const,
        following: now,
        finished: { tables, rows, sequences, isAnalyzed: analyzed !== undefined },
      }
    }),
  )
}

const notYet = ({ database, source }: Following, said: Said) =>
  failure('TRI-FOLLOW-005', {
    what: `${database} still follows ${source}`,
    why: whyNot(said),
    state: 'nothing was changed: it goes on following, and the old server takes writes as before',
    next: `stop the old app, or make its database read-only, and run ${trimaran('db follow finish')} again; ${trimaran('db follow status')} tells how far it is`,
  })

const unknown = ({ database, source }: Following, error: TrimaranError) =>
  failure('TRI-FOLLOW-005', {
    what: `It is not known whether ${database} still follows ${source}`,
    why: error.message,
    state: 'the last step is one transaction: it follows as before, or all of it is done',
    next: `${trimaran('db follow status')} tells; where it follows nobody, look on the old server for a slot that is left`,
  })

const left = ({ database, source }: Following, said: Said, byHand: string) =>
  failure('TRI-FOLLOW-006', {
    what: `${database} is whole, and takes writes; on ${source} a slot may be left`,
    why: whyNot(said),
    state: 'all rows were counted on both sides before; a slot that is left fills the disk there',
    next: `run there: ${byHand}`,
  })

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
import { runFollow, whyNot } from './follow-program.ts'
import { type FollowPlace, type Following, following } from './following.ts'

export interface FollowingAbandoned {
  readonly outcome: 'applied' | 'declined'
  readonly following: Following
}

/**
 * Gives up following: the slot and the publication on the old server go, and all that came here is deleted. The old server's data
 * is not touched.
 * @throws TRI-FOLLOW-003 where it follows nobody; -006 where something is left on the old server; -007 where it could not be ended;
 * TRI-DATABASE-003; TRI-LOCK-001
 */
export async function abandonFollowing(
  session: Session,
  { database = 'app' }: FollowPlace,
  operator: Operator<Following>,
): Promise<FollowingAbandoned> {
  const now = await following(session, { database })
  operator.show?.(now)
  requireUninterrupted(operator, unchanged)
  if (!(await operator.confirm(now))) return { outcome: 'declined', following: now }
  return await recordEvents(session, 'db follow abandon', operator, (heard) =>
    withLock(serversOf(session.stack, 'database'), session, heard, async () => {
      const { connection } = await primaryFinder(session)()
      await connection.run(noteCommand(session, 'db follow abandon', `${now.source} by ${database}`, heard).text)
      const wish = { database, name: now.name }
      const said = await runFollow(connection, 'abandon', wish, heard).catch((error: unknown) => {
        if (!(error instanceof TrimaranError)) throw error
        throw notEnded(now, error.message)
      })
      if (said.gone === undefined) throw notEnded(now, whyNot(said))
      if (said.gone.why !== '') throw left(now, said.gone)
      return { outcome: 'applied' as const, following: now }
    }),
  )
}

const notEnded = ({ database, source }: Following, why: string) =>
  failure('TRI-FOLLOW-007', {
    what: `Whether ${database} still follows ${source}, and what is in it, is not certain`,
    why,
    next: `${trimaran('db follow status')} tells; run ${trimaran('db follow abandon')} again`,
  })

const left = ({ database, source }: Following, { why, byHand }: { readonly why: string; readonly byHand: string }) =>
  failure('TRI-FOLLOW-006', {
    what: `${database} follows nobody, and is empty again; on ${source} a slot may be left`,
    why,
    state: 'a slot that is left fills the disk there, for nobody reads what it keeps',
    next: `run there: ${byHand}`,
  })

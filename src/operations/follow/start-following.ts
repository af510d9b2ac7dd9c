import { failure, TrimaranError } from '../../errors/failure.ts'
import { serversOf } from '../../stack/stack.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import type { Connection } from '../../transport/transport.ts'
import { recordEvents } from '../change/record-events.ts'
import { withLock } from '../change/with-lock.ts'
import { askTarget } from '../import/ask-target.ts'
import { findDifferences, type Presence } from '../import/find-differences.ts'
import { type LiveSource, isUrl, readLiveSource } from '../import/live-source.ts'
import { describeProposal, type ImportProposal } from '../import/propose.ts'
import { requireWayOut } from '../import/require-way-out.ts'
import { requireDeclared } from '../import/require-declared.ts'
import { runImport } from '../import/run-import.ts'
import { serverSource } from '../import/server-source.ts'
import { requireUninterrupted, unchanged } from '../interrupted.ts'
import { primaryFinder } from '../look/find-primary.ts'
import { noteCommand } from '../look/note-command.ts'
import type { Operator, Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { findObstacles, refuseVersion } from './find-obstacles.ts'
import { followName, runFollow, type Said, whyNot } from './follow-program.ts'
import { type Following, following } from './following.ts'
import { askOldServer, whyUnreached } from './old-server.ts'

export interface FollowStart {
  /** `postgresql://user:password@host/database` */
  readonly source: string
  /** Which database of the stack follows; `app` unless stated. */
  readonly database?: string
  /** What happens to what it has already; it must be empty unless it is replaced. */
  readonly presence?: Exclude<Presence, 'stays'>
}

export interface FollowingStarted {
  readonly outcome: 'applied' | 'declined'
  readonly proposal: ImportProposal
  /** How far it is; absent where it was declined. */
  readonly following?: Following
}

/**
 * Has a database of the stack follow a server elsewhere: the schema is copied, then all rows, and from then on every change of a row.
 * The app may only read until `finishFollowing`. Returns as soon as it has begun.
 *
 * @example
 * ```ts
 * await startFollowing(session, { source: 'postgresql://ana@old.example.com/shop' }, operator)
 * ```
 * @throws TRI-FOLLOW-001 where it cannot be followed; -002 where it did not begin; TRI-IMPORT-001, -002, -003 for the schema;
 * TRI-DATABASE-003; TRI-LOCK-001; TRI-STOP-001
 */
export async function startFollowing(
  session: Session,
  { source: address, database = 'app', presence = 'must be empty' }: FollowStart,
  operator: Operator<ImportProposal>,
): Promise<FollowingStarted> {
  requireDeclared(session, database)
  if (!isUrl(address))
    throw failure('TRI-FOLLOW-001', {
      what: 'A file cannot be followed',
      state: 'nothing was changed',
      next: `name a server: postgresql://user@host/database, or import the file with ${trimaran('db import shop.dump')}`,
    })
  const live = readLiveSource(address)
  requireWayOut(session.stack, live)
  const findPrimary = primaryFinder(session)
  const { server, connection } = await findPrimary()
  const name = followName(session.stack, database)
  operator.emit({ type: 'stage', name: `asking ${live.shown}` })
  const source = { ...serverSource(live, false), form: 'a server that is followed' }
  const seen = await source.look(connection)
  const tooOld = refuseVersion(seen.versions.from)
  const target = await askTarget(connection, database, server.name)
  const compared = { seen, target, database, presence, needed: source.needOf(seen) }
  const differences = findDifferences(compared)
  const obstacles =
    tooOld.length > 0 ? { refusals: tooOld, remarks: [] } : findObstacles(await askOldServer(live, connection), name)
  const refusals = [...differences.refusals, ...obstacles.refusals]
  if (refusals.length > 0)
    throw failure('TRI-FOLLOW-001', {
      what: `${database} cannot follow ${live.shown}`,
      why: refusals.map(({ why }) => why).join('\n'),
      state: 'nothing was changed, here and there',
      next: [...new Set(refusals.map(({ next }) => next))].join('; '),
    })
  const others = await remarkUnreached(session, live, server.name)
  const remarks = [...differences.remarks, ...obstacles.remarks, ...others]
  const proposal = describeProposal(source, server.name, compared, remarks)
  operator.show?.(proposal)
  requireUninterrupted(operator, unchanged)
  if (!(await operator.confirm(proposal))) return { outcome: 'declined', proposal }
  return await recordEvents(session, 'db follow start', operator, (heard) =>
    withLock(serversOf(session.stack, 'database'), session, heard, async () => {
      await connection.run(noteCommand(session, 'db follow start', `${live.shown} by ${database}`, heard).text)
      const schema = { ...source, wish: { ...source.wish, schemaOnly: true } }
      const password = session.secrets('postgres-app')
      await runImport({ source: schema, server, database, presence, password, findPrimary }, connection, heard)
      await begin(connection, { database, name, live }, heard)
      return { outcome: 'applied' as const, proposal, following: await following(session, { database }) }
    }),
  )
}

/** After a failover, another server follows: it must reach the old one, too. */
async function remarkUnreached(session: Session, live: LiveSource, primary: string): Promise<readonly string[]> {
  const others = serversOf(session.stack, 'database').filter(({ name }) => name !== primary)
  const remarks = await Promise.all(
    others.map(async (server) => {
      try {
        const why = await whyUnreached(live, await session.connect(server))
        return why === undefined
          ? []
          : [`${server.name} does not reach the old server, and could not go on after a failover: ${why}`]
      } catch (error) {
        if (!(error instanceof TrimaranError)) throw error
        return [`${server.name} does not answer, so nobody knows whether it reaches the old server`]
      }
    }),
  )
  return remarks.flat()
}

interface Beginning {
  readonly database: string
  readonly name: string
  readonly live: LiveSource
}

/** @throws TRI-FOLLOW-002 */
async function begin(connection: Connection, { database, name, live }: Beginning, { emit }: Terms): Promise<void> {
  let said: Said = { error: '' }
  const wish = { database, name, address: live.url }
  const onSaid = (now: Said): void => void (said = now)
  try {
    said = await runFollow(connection, 'begin', wish, { emit, password: live.password, onSaid })
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    if (said.begun === undefined)
      throw failure('TRI-FOLLOW-002', {
        what: `It is not known whether ${database} follows ${live.shown}`,
        why: error.message,
        next: `${trimaran('db follow status')} tells; ${trimaran('db follow abandon')} ends it, and leaves nothing there and here`,
      })
  }
  if (said.begun !== undefined) return
  throw failure('TRI-FOLLOW-002', {
    what: `${database} does not follow ${live.shown}`,
    why: whyNot(said),
    state: stateOf(said, database),
    ...(said.gone !== undefined && said.gone.why !== '' && { next: `run on the old server: ${said.gone.byHand}` }),
  })
}

/** What was left of a beginning that failed. */
function stateOf({ gone }: Said, database: string): string {
  if (gone === undefined) return `the schema is in ${database}, and nothing on the old server`
  const there = gone.why === '' ? 'nothing on the old server' : `on the old server a slot may be left: ${gone.why}`
  return `nothing of it is in ${database}, and ${there}`
}

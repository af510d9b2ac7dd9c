import { roleOf } from '../components/index.ts'
import { type Moved, moveLead } from '../engine/move-lead.ts'
import { newestPlacedState } from '../engine/newest-stack-state.ts'
import { failure } from '../errors/failure.ts'
import { isObservation } from '../observation/observation.ts'
import { firstStackState, type StackState } from '../stack/stack-state.ts'
import { type Server, serversOf, etcdMembers } from '../stack/stack.ts'
import { checkSwitchover } from '../status/check-switchover.ts'
import { summarise } from '../status/summarise.ts'
import { noteCommand } from './look/note-command.ts'
import { recordEvents } from './change/record-events.ts'
import { withLock } from './change/with-lock.ts'
import { requireServed } from './look/require-served.ts'
import type { Operator, Terms } from './operator.ts'
import { findPausers, switchoverFacts } from './service/switchover-facts.ts'
import { queryServers } from './session/query-servers.ts'
import { serversNamed, serversOfTier } from './session/name-servers.ts'
import type { Session } from './session/session.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface SwitchoverWish {
  /** The next primary; the best replica unless stated. */
  readonly to?: string
}

export interface SwitchoverProposal {
  readonly from: string
  readonly to: string
  /** App servers whose pool pauses queries meanwhile. */
  readonly pausers: readonly Server[]
}

export interface SwitchedOver extends SwitchoverProposal {
  readonly outcome: 'applied' | 'declined'
  /** What was measured; absent where it was declined. */
  readonly moved?: Moved
}

/**
 * Moves the primary role to another database server, and measures how long writes had to wait.
 * @throws TRI-SERVER-001; TRI-DATABASE-001 where it cannot move now, -002 where it did not, -004; TRI-LOCK-001;
 * TRI-VISIT-001 where visitors are not served after it
 */
export async function switchover(
  session: Session,
  { to }: SwitchoverWish,
  operator: Operator<SwitchoverProposal>,
): Promise<SwitchedOver> {
  serversOfTier(session.stack, 'database')
  if (to !== undefined) serversNamed(session.stack, to)
  const { toldNow, ...proposed } = await propose(session, to)
  operator.show?.(proposed)
  if (!(await operator.confirm(proposed))) return { ...proposed, outcome: 'declined' }
  return await recordEvents(session, 'switchover', operator, async (heard) => {
    await note(session, proposed, heard)
    heard.emit({ type: 'stage', name: `${proposed.to} takes over from ${proposed.from}` })
    const moved = await move(session, proposed, heard)
    if (moved.refused.length > 0) throw notPaused(moved)
    if (!moved.ok) throw notMoved(proposed, moved)
    await requireServed(session, toldNow, `${proposed.to} leads now, and ${proposed.from} follows it`, heard)
    return { ...proposed, outcome: 'applied', moved }
  })
}

/** In the audit trails of both: afterwards the one or the other may be the one that is gone. */
async function note(session: Session, { from, to }: SwitchoverProposal, terms: Terms): Promise<void> {
  const script = noteCommand(session, 'switchover', `from ${from} to ${to}`, terms).text
  await Promise.all(
    serversOf(session.stack, 'database')
      .filter(({ name }) => name === from || name === to)
      .map(async (server) => await (await session.connect(server)).run(script)),
  )
}

/** @throws TRI-DATABASE-001 */
async function propose(
  session: Session,
  wanted: string | undefined,
): Promise<SwitchoverProposal & { readonly toldNow: StackState }> {
  const { stack } = session
  const asked = [...new Set([...serversOf(stack, 'database'), ...etcdMembers(stack), ...serversOf(stack, 'app')])]
  const answers = await queryServers(asked, session)
  const { database, drained } = summarise(stack, answers)
  const checked = checkSwitchover({
    ...(wanted !== undefined && { to: wanted }),
    database,
    drained,
    ...switchoverFacts(stack, answers, database.leader),
  })
  const toldNow = newestPlacedState([...answers.values()].filter(isObservation)) ?? firstStackState('')
  if ('from' in checked) return { ...checked, pausers: findPausers(stack, answers), toldNow }
  throw failure('TRI-DATABASE-001', {
    what: 'The primary cannot move now',
    why: checked.refused,
    state: 'nothing was changed',
    next: checked.next,
  })
}

async function move(session: Session, { from, to, pausers }: SwitchoverProposal, terms: Terms): Promise<Moved> {
  const databases = serversOf(session.stack, 'database')
  const leader = databases.find(({ name }) => name === from) as Server
  const addresses = databases.map(({ address }) => address)
  const { unit, measure: program } = roleOf('leads', ({ tier }) => tier === 'database')
  const measure = program === undefined ? undefined : { program, addresses }
  const wish = { tier: 'database', unit, from: leader, to, pausers, ...(measure && { measure }) } as const
  return await withLock([...databases, ...pausers], session, terms, () => moveLead(wish, session.connect))
}

const notPaused = ({ refused }: Moved) =>
  failure('TRI-DATABASE-004', {
    what: `The pool on ${refused.map(({ server }) => server).join(', ')} could not pause its queries`,
    why: refused.map(({ server, why }) => `${server}: ${why}`).join('\n'),
    state: 'nothing was moved, and queries go on',
    next: `try again when no long transaction is open: ${trimaran('psql')} shows them in pg_stat_activity`,
  })

const notMoved = ({ from, to }: SwitchoverProposal, { said }: Moved) =>
  failure('TRI-DATABASE-002', {
    what: `${to} did not take over`,
    why: said,
    state: `${from} led before; ${trimaran('status')} says who leads now. No acknowledged write is lost`,
    next: `${trimaran(`logs ${from}`)} and ${trimaran(`logs ${to}`)} show what Patroni decided`,
  })

import { failure, type TrimaranError } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import type { StackState } from '../../stack/stack-state.ts'
import { describeVisit, whyNobodyIsServed } from '../../status/describe-visit.ts'
import type { Visit } from '../../status/visit.ts'
import type { Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { visitUntil, visitUntilServed } from './visit.ts'

type Known = Pick<Session, 'stack' | 'connect' | 'askAddress'>
type Patience = Pick<Terms, 'visitorSeconds'>
type Told = Pick<StackState, 'drained' | 'maintenance'>

/** What was just changed may take so many seconds until it reaches visitors: the address moves, checks come round. */
const usualPatience = 15

/**
 * Looks whether visitors are served, which is what whoever says ✔ claims. Not where somebody has taken the site from them
 * on purpose.
 * @param state what was done before, for the failure
 * @returns what was seen
 * @throws TRI-VISIT-001
 */
export async function requireServed(
  session: Known,
  told: Told,
  state: string,
  patience: Patience,
): Promise<Visit | undefined> {
  const seen = await visitIfWanted(session, told, patience)
  if (seen === undefined || seen.isServed) return seen
  throw notServed(seen, state)
}

const isClosed = ({ isAnswered, isServed }: Visit): boolean => isAnswered && !isServed

/**
 * Looks whether visitors see the maintenance page. Where some addresses see the site all the same, this computer may be one of
 * them, and cannot tell.
 * @throws TRI-VISIT-001
 */
export async function requireClosed(
  session: Known,
  allow: readonly string[],
  { visitorSeconds = usualPatience }: Patience,
): Promise<void> {
  if (allow.length > 0) return
  const seen = await visitUntil(session, visitorSeconds, isClosed)
  if (isClosed(seen)) return
  throw failure('TRI-VISIT-001', {
    what: seen.isServed ? 'Visitors still see the site' : 'Visitors see nothing, not even the maintenance page',
    why: describeVisit(seen),
    state: 'the balancers that answer were told to show the maintenance page',
    next: `${trimaran('status')} names the balancer that does not`,
  })
}

/** Why visitors are not served, in words; `undefined` where they are, or are not to be. */
export async function findUnserved(session: Known, told: Told, patience: Patience): Promise<string | undefined> {
  const seen = await visitIfWanted(session, told, patience)
  return seen === undefined || seen.isServed ? undefined : describeVisit(seen)
}

/** Nothing where the site was taken from visitors on purpose. */
const visitIfWanted = async (
  session: Known,
  told: Told,
  { visitorSeconds = usualPatience }: Patience,
): Promise<Visit | undefined> =>
  whyNobodyIsServed(session.stack, told) === undefined ? await visitUntilServed(session, visitorSeconds) : undefined

const notServed = (seen: Visit, state: string): TrimaranError =>
  failure('TRI-VISIT-001', {
    what: 'Visitors are not served',
    why: describeVisit(seen),
    state,
    next: `${trimaran('status')} names the cause; ${trimaran('logs')} has what servers said of it`,
    details: { visit: seen },
  })

import { failure, type TrimaranError } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import type { StackState } from '../../stack/stack-state.ts'
import { describeVisit, whyNobodyIsServed } from '../../status/describe-visit.ts'
import type { Visit } from '../../status/visit.ts'
import type { Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { visitUntilServed } from './visit.ts'

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
  { visitorSeconds = usualPatience }: Patience,
): Promise<Visit | undefined> {
  if (whyNobodyIsServed(session.stack, told) !== undefined) return undefined
  const seen = await visitUntilServed(session, visitorSeconds)
  if (seen.isServed) return seen
  throw notServed(seen, state)
}

/** Why visitors are not served, in words; `undefined` where they are, or are not to be. */
export async function findUnserved(
  session: Known,
  told: Told,
  { visitorSeconds = usualPatience }: Patience,
): Promise<string | undefined> {
  if (whyNobodyIsServed(session.stack, told) !== undefined) return undefined
  const seen = await visitUntilServed(session, visitorSeconds)
  return seen.isServed ? undefined : describeVisit(seen)
}

const notServed = (seen: Visit, state: string): TrimaranError =>
  failure('TRI-VISIT-001', {
    what: 'Visitors are not served',
    why: describeVisit(seen),
    state,
    next: `${trimaran('status')} names the cause; ${trimaran('logs')} has what servers said of it`,
    details: { visit: seen },
  })

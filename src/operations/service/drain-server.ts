import { components } from '../../components/index.ts'
import { awaitDrained, awaitUse, type Freed } from '../../engine/await-drained.ts'
import type { Tell } from '../../events/event.ts'
import { failure } from '../../errors/failure.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { patienceFor } from '../../plan/removed-servers.ts'
import { changeStackState, isDrained, type StackState, withExcluded } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import { tiers } from '../../stack/tiers.ts'
import { checkDrain } from '../../status/check-drain.ts'
import { checkSwitchover } from '../../status/check-switchover.ts'
import { summarise } from '../../status/summarise.ts'
import { changeStack } from '../change/change-stack.ts'
import type { Planned } from '../change/plan-stack.ts'
import type { Session } from '../session/session.ts'
import { switchoverFacts } from './switchover-facts.ts'

/** The stack state with a server taken out of service. An unreachable one is excluded by its neighbours. */
export const drainedState =
  (name: string) =>
  (current: StackState, answers: Answers): StackState => {
    if (isDrained(current, name)) return current
    const isUnreachable = !isObservation(answers.get(name) ?? { unreachable: '' })
    return changeStackState(withExcluded(current, [...(current.excluded ?? []), ...(isUnreachable ? [name] : [])]), {
      drained: [...current.drained, name].toSorted(),
    })
  }

/** The stack state with it back in service; if it is unreachable, once it is reached. */
export const undrainedState =
  (name: string) =>
  (current: StackState): StackState => {
    if (!isDrained(current, name)) return current
    return changeStackState(current, { drained: current.drained.filter((one) => one !== name) })
  }

/**
 * What is to be known of a stack without that server.
 * @throws TRI-DRAIN-001 where it must not be drained now.
 */
export function checkWish(
  server: Server,
  { answers }: Pick<Planned, 'answers'>,
  session: Session,
  anyway: boolean,
): readonly string[] {
  const report = summarise(session.stack, answers)
  const outcome = checkDrain({
    server,
    report,
    anyway,
    switchover: () =>
      checkSwitchover({
        database: report.database,
        drained: report.drained,
        ...switchoverFacts(session.stack, answers, report.database.leader),
      }),
  })
  if ('notes' in outcome) return outcome.notes
  throw failure('TRI-DRAIN-001', {
    what: `${server.name} cannot be drained now`,
    why: outcome.refused,
    state: 'nothing was changed',
    next: outcome.next,
  })
}

/**
 * Waits until a server that was drained is free, and shows what is still open there. Should all others of its tier be lost
 * meanwhile, it is put back into service, unless visitors may notice anyway.
 * @throws TRI-DRAIN-003 when it was put back.
 */
export async function waitUntilFree(session: Session, server: Server, tell: Tell, anyway: boolean): Promise<Freed> {
  const freed = await awaitDrained(server, {
    ...session,
    components,
    seconds: patienceFor(server, session.stack),
    mayBeLast: anyway,
    onOpen: (open) => tell({ type: 'stage', name: `${server.name} finishes what it has`, detail: `${open} open` }),
  })
  if (freed !== 'missed') return freed
  tell({ type: 'note', level: 'warning', text: `nobody serves in place of ${server.name} any more: it is put back` })
  await changeStack(
    session,
    // Visitors get errors meanwhile, and those that were lost take long to be given up.
    { verb: 'undrain', newState: undrainedState(server.name), answerWithinSeconds: 3 },
    { tell: () => {}, show: () => {}, confirm: () => Promise.resolve(true), isUnwatched: true },
  )
  throw failure('TRI-DRAIN-003', {
    what: `${server.name} was put back into service`,
    why: `the other ${server.tier} servers stopped serving while it was being drained: ${tiers[server.tier].loss}`,
    state: 'it serves again, as before',
    next: '`trimaran status` says what became of the others; drain again once they are well',
  })
}

/**
 * Waits until the neighbours send something there again.
 * @throws TRI-DRAIN-002 when some do not within a minute.
 */
export async function waitUntilUsed(session: Session, server: Server, tell: Tell): Promise<void> {
  const { name, tier } = server
  if (tier !== 'balancer') tell({ type: 'stage', name: `its neighbours look whether ${name} may be used` })
  const callers = await awaitUse(server, { ...session, components, seconds: 60 })
  if (callers.length === 0) return
  throw failure('TRI-DRAIN-002', {
    what: `${callers.join(', ')} ${callers.length === 1 ? 'does' : 'do'} not send requests to ${name}`,
    why: 'its neighbours do not find it well after a minute',
    state: `${name} is in service again, and gets requests as soon as it is well`,
    next: `\`trimaran status\` says what it lacks; \`trimaran logs ${name}\``,
  })
}

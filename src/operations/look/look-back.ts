import { setTimeout as sleep } from 'node:timers/promises'
import { isObservation, reportOf, type Answers } from '../../observation/observation.ts'
import type { StackState } from '../../stack/stack-state.ts'
import { servingTier, serversOf } from '../../stack/stack.ts'
import { describeVisit, whyNobodyIsServed } from '../../status/describe-visit.ts'
import { queryServers } from '../session/query-servers.ts'
import type { Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { visitUntilServed } from './visit.ts'

type Known = Pick<Session, 'stack' | 'connect' | 'secrets' | 'askAddress'>

/** What was rolled back may need so many seconds until it serves again: PostgreSQL recovers, checks come round. */
const usualPatience = 20
type Patience = Pick<Terms, 'visitorSeconds'>
const pauseMilliseconds = 1000

/** After a deploy that was rolled back: which release runs where, and whether visitors are served. */
export async function lookAtReleases(session: Known, told: StackState, patience: Patience): Promise<string> {
  const tier = servingTier(session.stack)
  const [answers, visitors] = await Promise.all([
    queryServers(serversOf(session.stack, tier), session),
    lookAtVisitors(session, told, patience),
  ])
  const all = serversOf(session.stack, tier).map(({ name }) => ({ name, runs: runsOn(answers, name) }))
  const before = all.filter(({ runs }) => runs === told.release)
  const others = all.filter(({ runs }) => runs !== told.release)
  const said = [
    ...(before.length === 0
      ? []
      : [
          `${before.length === all.length ? `all ${tier} servers run` : listed(before, 'runs', 'run')} ${told.release}`,
        ]),
    ...others.map(
      ({ name, runs }) =>
        `${name} ${runs === undefined ? 'does not answer' : runs === '' ? 'runs no release' : `runs ${runs}`}`,
    ),
  ]
  return `${said.join(', ')}; ${visitors}`
}

const listed = (all: readonly { readonly name: string }[], one: string, several: string): string =>
  `${all.map(({ name }) => name).join(', ')} ${all.length === 1 ? one : several}`

const runsOn = (answers: Answers, name: string): string | undefined =>
  isObservation(answers.get(name) ?? { unreachable: '' })
    ? (reportOf(answers.get(name), 'release')?.serves ?? '')
    : undefined

export async function lookAtVisitors(
  session: Known,
  told: Pick<StackState, 'drained' | 'maintenance'>,
  { visitorSeconds = usualPatience }: Patience,
): Promise<string> {
  const onPurpose = whyNobodyIsServed(session.stack, told)
  if (onPurpose !== undefined) return onPurpose
  const seen = await visitUntilServed(session, visitorSeconds)
  return seen.isServed ? 'visitors are served' : `visitors are not served: ${describeVisit(seen)}`
}

/** A component that was rolled back on a server. */
export interface RolledBack {
  readonly server: string
  readonly component: string
  readonly isRestored: boolean
}

/**
 * What became of what was rolled back: `haproxy of web-1 is well`, `patroni of db-1 is down: …`. A component that was no better
 * before is not waited for.
 */
export async function lookAtComponents(
  session: Known,
  all: readonly RolledBack[],
  before: Answers,
  { visitorSeconds = usualPatience }: Patience,
): Promise<readonly string[]> {
  if (all.length === 0) return []
  const servers = session.stack.servers.filter(({ name }) => all.some(({ server }) => server === name))
  const deadline = performance.now() + visitorSeconds * 1000
  for (;;) {
    const now = await queryServers(servers, session)
    const states = all.map((one) => ({ ...one, now: stateOf(now, one), before: stateOf(before, one) }))
    const isSettled = states.every(
      ({ now: { state }, before: { state: was } }) => [was, 'well'].includes(state) || was === 'absent',
    )
    if (isSettled || performance.now() > deadline)
      return states.map(
        ({ server, component, isRestored, now: { state, note } }) =>
          `${component} of ${server} ${isRestored ? 'was rolled back and' : 'could not be rolled back, and'} ${state === 'absent' ? 'is not set up' : `is ${state}`}${note === undefined || state === 'well' ? '' : `: ${note}`}`,
      )
    await sleep(pauseMilliseconds)
  }
}

function stateOf(
  answers: Answers,
  { server, component }: RolledBack,
): { readonly state: string; readonly note?: string } {
  const answer = answers.get(server)
  if (answer === undefined || !isObservation(answer)) return { state: 'unknown', note: 'the server does not answer' }
  const health = answer.health.get(component)
  if (health === undefined) return { state: 'absent' }
  return { state: health.state, ...(health.note !== undefined && { note: health.note }) }
}

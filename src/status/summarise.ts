import type { ComponentHealth, State } from '../components/component.ts'
import { type Answer, type Answers, isObservation, type Observation, reportOf } from '../observation/observation.ts'
import { type DatabaseStatus, databaseStatus } from './database.ts'
import { type Maintenance, newestStackState, type RollingOperation } from '../stack/stack-state.ts'
import { checkMaintenance } from './check-maintenance.ts'
import { whyNobodyIsServed } from './describe-visit.ts'
import { findCauses, type StackNote } from './find-causes.ts'
import type { Visit } from './visit.ts'
import { hasTier, publicAddress, type Server, serversOf, type Stack, type TierName } from '../stack/stack.ts'
import { tiersOf } from '../stack/tiers.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface ComponentStatus {
  readonly name: string
  readonly state: State
  readonly note?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface ServerStatus {
  readonly name: string
  readonly tier: TierName
  readonly address: string
  readonly state: State
  readonly note?: string
  readonly components: readonly ComponentStatus[]
}

/** How one balancer sees one server behind it. */
export interface BackendView {
  readonly balancer: string
  readonly backend: string
  readonly server: string
  readonly state: string
  readonly note?: string
}

/** What `status` shows, and what `status --json` prints: fields are added, never lost. */
export interface StatusReport {
  readonly stack: string
  readonly state: State
  /** The address that visitors use. */
  readonly address: string
  readonly balancer: { readonly holder: string | undefined; readonly holders: readonly string[] }
  readonly database: DatabaseStatus
  /** Requests per second now, over all balancers. */
  readonly requestsPerSecond: number
  /** Present while visitors see the maintenance page. */
  readonly maintenance?: Maintenance
  /** Present while a reboot or an upgrade goes from server to server, or was cut off. */
  readonly rolling?: RollingOperation
  /** Servers that were taken out of service on purpose. */
  readonly drained: readonly string[]
  readonly servers: readonly ServerStatus[]
  readonly backends: readonly BackendView[]
  /** What is not of one server alone, and often the cause of what servers say. */
  readonly notes: readonly StackNote[]
  /** What a request met that was sent as visitors send it; absent where none was. */
  readonly visitors?: Visit
}

const badness: Readonly<Record<State, number>> = { well: 0, drained: 1, unknown: 2, degraded: 3, down: 4 }

/** What all the answers mean together. Redundancy that is lost counts as degraded, a tier without servers as down. */
export function summarise(stack: Stack, answers: Answers, visitors?: Visit): StatusReport {
  const {
    drained: named = [],
    drains,
    maintenance,
    rolling,
    release,
    excluded = [],
  } = newestStackState([...answers.values()].filter(isObservation).map((one) => one.stackState)) ?? {}
  const drained = stack.servers.map(({ name }) => name).filter((name) => named.includes(name))
  const servers = stack.servers.map((server) => {
    const answer = answers.get(server.name)
    const told = withRelease(withMaintenance(statusOf(server, answer), answer, maintenance), answer, release)
    const status = excluded.includes(server.name) && !drained.includes(server.name) ? asExcluded(told) : told
    return drained.includes(server.name) ? { ...status, state: 'drained' as const } : status
  })
  const holders = leadersOf(stack, 'balancer', answers)
  const leaders = leadersOf(stack, 'database', answers)
  const routing = routingOf(stack, answers)
  const holder = stack.virtualAddress === undefined ? serversOf(stack, 'balancer')[0]?.name : holders[0]
  const told = { drained, ...(drains && { drains }), ...(maintenance && { maintenance }) }
  const notes = findCauses({ stack, answers, holders, leaders, stackState: told })
  const isUnserved = visitors?.isServed === false && whyNobodyIsServed(stack, told) === undefined
  const state = stateOf(
    servers,
    notes.some((one) => one.state === 'degraded' || one.state === 'down'),
    isUnserved || holder === undefined || (hasTier(stack, 'database') && leaders.length === 0),
  )
  return {
    stack: stack.name,
    state: state === 'well' && maintenance !== undefined ? 'drained' : state,
    address: publicAddress(stack),
    balancer: { holder, holders },
    database: databaseStatus(stack, answers, leaders),
    requestsPerSecond: routing.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
    ...(maintenance && { maintenance }),
    ...(rolling && { rolling }),
    drained,
    servers,
    backends: routing.flatMap(viewsOf),
    notes,
    ...(visitors && { visitors }),
  }
}

function statusOf({ name, tier, address }: Server, answer: Answer | undefined): ServerStatus {
  const base = { name, tier, address }
  if (answer === undefined) return { ...base, state: 'unknown', components: [] }
  if (!isObservation(answer))
    return { ...base, state: 'down', note: `does not answer: ${answer.unreachable.split('\n')[0]}`, components: [] }
  if (answer.manifest.length === 0) return { ...base, state: 'unknown', note: 'not set up yet', components: [] }
  const components = [...answer.health].map(([component, health]) => ({ name: component, ...withoutRoles(health) }))
  const state = worst(components.map(({ state }) => state))
  const note = strangeness(answer)
  if (note === undefined) return { ...base, state, components }
  return { ...base, state: worst([state, 'degraded']), note, components }
}

/** What it says that an honest server would not; none of it is believed. */
function strangeness({ doubts = [], refusedStackState }: Observation): string | undefined {
  const stackState =
    refusedStackState === undefined
      ? []
      : [`has a copy of the stack state that ${refusedStackState}, and that is not used`]
  const all = [...doubts, ...stackState]
  return all.length === 0 ? undefined : `${all.join('; ')} → look who was root there; ${trimaran('up')} puts it right`
}

/** A balancer that does not know whether the site is open counts as degraded: visitors may meet it. */
function withMaintenance(
  status: ServerStatus,
  answer: Answer | undefined,
  ordered: Maintenance | undefined,
): ServerStatus {
  const isKnown = status.tier === 'balancer' && answer !== undefined && isObservation(answer) && answer.stackState
  const note = isKnown ? checkMaintenance(ordered, isKnown.maintenance) : undefined
  return note === undefined ? status : worse(status, note)
}

/** A server that serves another release than the one that was ordered. */
function withRelease(status: ServerStatus, answer: Answer | undefined, ordered: string | undefined): ServerStatus {
  const { serves = '' } = reportOf(answer, 'release') ?? {}
  if (ordered === undefined || serves === '' || serves === ordered) return status
  const note = `serves ${serves}, not ${ordered}: a deploy is at work, or was cut off → ${trimaran('up')} goes on with it`
  return worse(status, note)
}

/** One that was unreachable when others got a release. */
const asExcluded = (status: ServerStatus): ServerStatus => {
  if (status.state === 'down') return status
  const note = `was unreachable during a deploy and is excluded → ${trimaran('up')} brings the release and puts it back in service`
  return { ...status, state: worst([status.state, 'degraded']), note }
}

/** Nothing that was said before is lost. */
const worse = (status: ServerStatus, note: string): ServerStatus => ({
  ...status,
  state: worst([status.state, 'degraded']),
  note: status.note === undefined ? note : `${status.note}; ${note}`,
})

/** What is shown of a component by itself; the rest goes into what is shown of the whole. */
const withoutRoles = ({ isLeader: _leads, reports: _reports, ...health }: ComponentHealth) => health

const worst = (states: readonly State[]): State =>
  states.reduce<State>((sofar, state) => (badness[state] > badness[sofar] ? state : sofar), 'well')

/** A stack is down when some tier has nobody left that serves, be it on purpose; anything less than well elsewhere is degraded. */
function stateOf(servers: readonly ServerStatus[], isTroubled: boolean, isHeadless: boolean): State {
  const isDown = tiersOf({ servers }).some((tier) =>
    servers
      .filter((server) => server.tier === tier)
      .every(({ state }) => state === 'down' || state === 'unknown' || state === 'drained'),
  )
  if (isDown || isHeadless) return 'down'
  return isTroubled || servers.some(({ state }) => state !== 'well' && state !== 'drained') ? 'degraded' : 'well'
}

function leadersOf(stack: Stack, tier: TierName, answers: Answers): readonly string[] {
  return serversOf(stack, tier)
    .map(({ name }) => name)
    .filter((name) => {
      const answer = answers.get(name)
      if (answer === undefined || !isObservation(answer)) return false
      return [...answer.health.values()].some(({ isLeader }) => isLeader === true)
    })
}

/** How the balancers see those behind them. */
const routingOf = (stack: Stack, answers: Answers) =>
  serversOf(stack, 'balancer').flatMap(({ name }) => {
    const routing = reportOf(answers.get(name), 'routing')
    return routing === undefined ? [] : [{ balancer: name, ...routing }]
  })

const viewsOf = ({ balancer, backends }: ReturnType<typeof routingOf>[number]): readonly BackendView[] =>
  backends.flatMap(({ name, servers }) =>
    servers.map(({ name: server, state, note }) => ({
      balancer,
      backend: name,
      server,
      state,
      ...(note !== undefined && note !== '' && { note }),
    })),
  )

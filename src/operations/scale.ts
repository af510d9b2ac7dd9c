import { hasServers } from '../config/build-settings.ts'
import type { Config } from '../config/schema.ts'
import { failure } from '../errors/failure.ts'
import { isEmpty } from '../plan/plan.ts'
import { isObservation } from '../observation/observation.ts'
import { type Server, serversOf, type TierName } from '../stack/stack.ts'
import { applyProposal } from './change/apply-proposal.ts'
import type { Outcome } from './change/change-stack.ts'
import type { Proposal } from './change/plan-stack.ts'
import { proposeChange } from './change/propose-change.ts'
import { recordEvents } from './change/record-events.ts'
import { editCount } from './config/edit-count.ts'
import { ignoreEvents } from './emit.ts'
import { requireServed } from './look/require-served.ts'
import { stateAfter } from './look/state-after.ts'
import type { Operator } from './operator.ts'
import { waitUntilUsed } from './service/wait-until-used.ts'
import { keepOnlyInLab, namesInLab, removeLabServers } from './session/lab-servers.ts'
import { openProject } from './session/open-project.ts'
import { openSession, type SessionWish } from './session/open-session.ts'
import type { Session } from './session/session.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface ScaleWish {
  readonly tier: TierName
  /** The number of servers wanted. */
  readonly count: number
}

export interface ScaleProposal extends Proposal, ScaleWish {
  /** How many servers the file said before. */
  readonly before: number
}

export interface Scaled {
  readonly outcome: Outcome
  /** How many servers the file said before. */
  readonly before: number
  /** The servers of the tier now. */
  readonly servers: readonly string[]
  /** The line of the config that was edited; absent where it needed no edit. */
  readonly where?: string
  /** Servers that did not answer. */
  readonly unreachable: readonly string[]
}

/**
 * Changes the number of servers of a tier: in the config, and then on the servers. If it ends before a server is changed,
 * the file and the lab stay as they were.
 *
 * @example
 * ```ts
 * await scale({ folder: '.', lab: true }, { tier: 'app', count: 4 }, { emit: () => {}, confirm: () => true })
 * ```
 * @throws TRI-SCALE-001 where the file must be edited by hand; TRI-CONFIG-003; as `up`
 */
export async function scale(place: SessionWish, wish: ScaleWish, operator: Operator<ScaleProposal>): Promise<Scaled> {
  const project = await openProject(place)
  requireTier(project.config, wish.tier)
  const ran = place.lab === true ? await namesInLab(project) : undefined
  const { before, where, keep, putBack } = await editCount(project, wish.tier, wish.count)
  const restore = async ({ emit }: Pick<Operator, 'emit'>): Promise<void> => {
    putBack()
    if (ran !== undefined) await keepOnlyInLab(project, ran, emit)
  }
  const { session, proposal, outcome } = await agree(place, { ...wish, before }, operator).catch(async (error) => {
    await restore({ emit: ignoreEvents })
    throw error
  })
  if (outcome === 'declined') await restore(operator)
  else {
    const { heard, hasBegun } = untilBegun(operator, keep)
    if (outcome === 'nothing') keep()
    await carryOutScaling(session, proposal, `scale ${wish.tier} ${wish.count}`, heard).catch(async (error) => {
      // A release that cannot be built, a lock that is held: no server was changed, and so nothing else is either.
      if (outcome === 'applied' && !hasBegun()) await restore({ emit: ignoreEvents })
      throw error
    })
  }
  const servers = serversOf(session.stack, wish.tier).map(({ name }) => name)
  const unreachable = proposal.plan.unreachable.map(({ server }) => server)
  return { outcome, before, servers, unreachable, ...(where !== undefined && { where }) }
}

/** A tier that the file leaves out has no number to be changed: what it needs is more than that. @throws TRI-SCALE-001 */
function requireTier(config: Config, tier: TierName): void {
  if (hasServers(config[tier])) return
  throw failure('TRI-SCALE-001', {
    what: `This stack has no ${tier} tier`,
    state: 'nothing was changed',
    next: `add a section \`${tier}\` to the file, and run ${trimaran('up')}`,
  })
}

/** Calls `begin` once the first server is about to be changed. */
function untilBegun<Told extends Pick<Operator, 'emit'>>(operator: Told, begin: () => void) {
  let begun = false
  const emit: Operator['emit'] = (event) => {
    if (event.type === 'apply-started') {
      begun = true
      begin()
    }
    operator.emit(event)
  }
  return { heard: { ...operator, emit }, hasBegun: () => begun }
}

interface Agreed {
  readonly session: Session
  readonly proposal: Proposal
  readonly outcome: Outcome
}

/** Plans for the edited file, after booting new lab servers, and asks. */
async function agree(
  place: SessionWish,
  wish: ScaleWish & { readonly before: number },
  operator: Operator<ScaleProposal>,
): Promise<Agreed> {
  const { emit, signal } = operator
  const session = await openSession({ ...place, boots: true, emit, ...(signal && { signal }) })
  const proposal = await proposeChange(session, {}, emit)
  const proposed = { ...proposal, ...wish }
  operator.show?.(proposed)
  if (isEmpty(proposal.plan)) return { session, proposal, outcome: 'nothing' }
  const isWanted = await operator.confirm(proposed)
  return { session, proposal, outcome: isWanted ? 'applied' : 'declined' }
}

async function carryOutScaling(
  session: Session,
  proposal: Proposal,
  verb: string,
  operator: Operator<ScaleProposal>,
): Promise<void> {
  const isNothing = isEmpty(proposal.plan)
  await recordEvents(session, verb, operator, async (heard) => {
    if (!isNothing) await applyProposal(session, proposal, { verb }, heard)
    heard.emit({ type: 'done', changed: !isNothing })
    if (session.lab) await removeLabServers(session, heard.emit)
    for (const server of newServers(session, proposal)) await waitUntilUsed(session, server, heard.emit)
    await requireServed(
      session,
      proposal.stackState,
      stateAfter(isNothing ? 'nothing' : 'applied', proposal.plan),
      heard,
    )
    return { outcome: isNothing ? 'nothing' : 'applied' }
  })
}

/** Those that answer, and had nothing of Trimaran's before. Databases are used once they lead, or are read from. */
const newServers = ({ stack }: Session, { answers }: Proposal): readonly Server[] =>
  stack.servers.filter(({ name, tier }) => {
    const answer = answers.get(name)
    return tier !== 'database' && answer !== undefined && isObservation(answer) && answer.manifest.length === 0
  })

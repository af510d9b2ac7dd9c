import { forgetKnownServer } from '../engine/known-servers.ts'
import { failure } from '../errors/failure.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { changeStackState, type StackState } from '../stack/stack-state.ts'
import type { Server } from '../stack/stack.ts'
import { servesAnywhere } from '../status/interrupted-release.ts'
import { changeStack } from './change/change-stack.ts'
import type { Proposal } from './change/plan-stack.ts'
import { recordEvents } from './change/record-events.ts'
import { provideArchivesFor } from './change/release-payload.ts'
import { type EditedConfig, unedited } from './config/edit-config.ts'
import { editDestination } from './config/edit-destination.ts'
import type { DrainWish } from './drain.ts'
import { requireServed } from './look/require-served.ts'
import type { Operator } from './operator.ts'
import { waitUntilUsed } from './service/wait-until-used.ts'
import { undrainedState } from './service/drained-state.ts'
import { findPreviousHost, type PreviousHost } from './service/previous-host.ts'
import { removeFromLab } from './session/lab-servers.ts'
import { oneServer } from './session/name-servers.ts'
import { openProject } from './session/open-project.ts'
import { openSession, type SessionWish } from './session/open-session.ts'
import { type Project, type Session, whereOf } from './session/session.ts'
import { stackOf, withRemovedServer } from './session/stack-of.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface ReplaceWish extends DrainWish {
  /** The SSH destination of the new machine; it is written into the config. */
  readonly destination?: string
}

/** What an operator is asked. */
export interface ReplaceProposal {
  readonly server: Server
  readonly previous: PreviousHost
}

/** The operator of a replacement is asked once, before anything is done, and shown each plan that follows. */
export type ReplaceOperator = Operator<Proposal, ReplaceProposal>

export interface Replaced extends ReplaceProposal {
  readonly outcome: 'applied' | 'declined'
  /** The line of the config that names the new machine; absent where it needed no edit. */
  readonly where?: string
}

/**
 * Gives a server's place to another machine. A machine that is alive is drained and cleared first.
 * @throws TRI-USAGE-001; TRI-SERVER-001; TRI-REPLACE-001, -003; TRI-DRAIN-001, -002; as `up`
 */
export async function replace(place: SessionWish, wish: ReplaceWish, operator: ReplaceOperator): Promise<Replaced> {
  const project = await openProject(place)
  const { where, keep, putBack } = await writeDestination(project, place, wish)
  const { session, isWanted, ...proposed } = await agree(place, wish, operator).catch((error: unknown) => {
    putBack()
    throw error
  })
  const replaced = { ...proposed, ...(where !== undefined && { where }) }
  if (!isWanted) {
    putBack()
    return { ...replaced, outcome: 'declined' }
  }
  return await recordEvents(session, `replace ${wish.server}`, operator, async (heard) => {
    // Before anything is given up: what cannot be built or fetched ends it before anything has to be rolled back.
    await provideArchivesFor(proposed.server, isNotThereYet(proposed.previous), session, heard).catch(
      (error: unknown) => {
        putBack()
        throw error
      },
    )
    keep()
    const { now, toldNow } = await exchange(place, session, proposed.previous, heard)
    await waitUntilUsed(now, oneServer(now.stack, wish.server), heard.emit)
    await requireServed(now, toldNow, `${wish.server} is another machine now, and in service`, heard)
    return { ...replaced, outcome: 'applied' }
  })
}

/** Whether the place is still that of the old machine, alive or not, so that the new one cannot be asked. */
const isNotThereYet = ({ isElsewhere, isAlive, isUnreachable }: PreviousHost): boolean =>
  !isElsewhere && (isAlive || isUnreachable)

/** @throws TRI-USAGE-001; TRI-SERVER-001; TRI-REPLACE-003 */
async function writeDestination(
  project: Project,
  { lab }: SessionWish,
  { server: name, destination }: ReplaceWish,
): Promise<EditedConfig> {
  if (destination === undefined) return unedited
  if (lab === true)
    throw failure('TRI-USAGE-001', {
      what: 'A lab server has no destination: the lab makes the new machine itself',
      next: trimaran(`replace ${name} --lab`),
    })
  const server = oneServer(stackOf(project.config, { kind: 'production', addresses: new Map() }), name)
  // Counts were refused when the session was opened.
  if (typeof project.config[server.tier].servers === 'number') return unedited
  return await editDestination(project, server, destination)
}

interface Agreed extends ReplaceProposal {
  readonly session: Session
  readonly isWanted: boolean
}

async function agree(
  place: SessionWish,
  { server: name, anyway = false }: ReplaceWish,
  { emit, confirm }: ReplaceOperator,
): Promise<Agreed> {
  const session = await openSession({ ...place, emit })
  const server = oneServer(session.stack, name)
  const previous = await findPreviousHost(server, session, anyway)
  if (!session.lab && previous.isAlive && !previous.isElsewhere) throw sameMachine(server)
  return { session, server, previous, isWanted: await confirm({ server, previous }) }
}

const sameMachine = ({ name, destination, address }: Server) =>
  failure('TRI-USAGE-001', {
    what: `${destination} (${address}) is already the machine of ${name}, and it is alive`,
    state: 'nothing was changed',
    next: `name another one: ${trimaran(`replace ${name} DESTINATION`)}`,
  })

/**
 * First the old machine is cleared, as if the file no longer named it; then the new one is set up, as with any `up`. If
 * it is interrupted in between, the next `replace` or `up` goes on.
 * @returns a session in which the new machine has the place, and what the stack was told.
 */
async function exchange(
  place: SessionWish,
  session: Session,
  previous: PreviousHost,
  operator: ReplaceOperator,
): Promise<{ readonly now: Session; readonly toldNow: StackState }> {
  const { name } = previous.server
  const { emit, signal } = operator
  const verb = `replace ${name}`
  const agreed: Operator = { ...operator, confirm: () => true, isUnwatched: true }
  if (previous.isAlive) await changeStack(withRemovedServer(session, previous.server), { verb }, agreed)
  if (session.lab) await removeFromLab(session, name, emit)
  await forgetKnownServer(session.stateFolder, whereOf(session), name)
  const now = await openSession({ ...place, boots: true, emit, ...(signal && { signal }) })
  const { proposal } = await changeStack(now, { verb, newState: replacedState(name) }, agreed)
  return { now, toldNow: proposal.stackState }
}

/**
 * The new machine does not remember that the release command was run; if another server serves that release, it was.
 */
export const replacedState =
  (name: string) =>
  (current: StackState, answers: Answers): StackState => {
    const stackState = undrainedState(name)(current)
    const { commandOn, ...rest } = stackState
    const others = [...answers].flatMap(([other, answer]) => (other !== name && isObservation(answer) ? [answer] : []))
    return commandOn === name && servesAnywhere(others, current) ? changeStackState(rest, {}) : stackState
  }

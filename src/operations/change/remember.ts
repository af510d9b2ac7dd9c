import { stackPart } from '../../blueprint/blueprint.ts'
import { writeKnownServers } from '../../engine/known-servers.ts'
import { readSeenStackState, writeSeenStackState } from '../../engine/seen-stack-state.ts'
import { isObservation } from '../../observation/observation.ts'
import { changesOf } from '../../plan/plan.ts'
import type { SeenStackState } from '../../preflight/check-stack-state.ts'
import { type Session, whereOf } from '../session/session.ts'
import type { Proposal } from './plan-stack.ts'

/** The numbers of the stack states that were found on servers: so an older one cannot be put back unnoticed. */
export const rememberFoundState = (session: Session, { answers }: Pick<Proposal, 'answers'>): Promise<void> =>
  rememberStackState(
    session,
    Object.fromEntries(
      [...answers].flatMap(([server, answer]) =>
        isObservation(answer) && answer.stackState !== undefined ? [[server, answer.stackState.number] as const] : [],
      ),
    ),
  )

/** The numbers of the stack states that a plan placed. */
export const rememberGivenState = (
  session: Session,
  { plan, stackState }: Pick<Proposal, 'plan' | 'stackState'>,
): Promise<void> =>
  rememberStackState(
    session,
    Object.fromEntries(
      changesOf(plan)
        .filter(({ changes }) => changes.some(({ component }) => component === stackPart))
        .map(({ server }) => [server.name, stackState.number]),
    ),
  )

async function rememberStackState(session: Session, numbers: SeenStackState): Promise<void> {
  const seen = await readSeenStackState(session.stateFolder, whereOf(session))
  const higher = Object.entries(numbers).filter(([server, number]) => number > (seen[server] ?? 0))
  if (higher.length > 0)
    await writeSeenStackState(session.stateFolder, whereOf(session), { ...seen, ...Object.fromEntries(higher) })
}

/** Before anything is placed: all servers that may hold something from now on. */
export const rememberAllServers = (session: Session): Promise<void> =>
  writeKnownServers(session.stateFolder, whereOf(session), [...session.stack.servers, ...session.removed])

/** Afterwards: members, and removed servers that are still to be cleared, since they were not reached or not meant. */
export async function rememberServers(
  session: Session,
  { plan, answers }: Pick<Proposal, 'plan' | 'answers'>,
): Promise<void> {
  const cleared = new Set(
    changesOf(plan).flatMap(({ server, manifest }) => (manifest.length === 0 ? [server.name] : [])),
  )
  const isBare = (name: string): boolean => {
    const answer = answers.get(name)
    return answer !== undefined && isObservation(answer) && answer.manifest.length === 0
  }
  const uncleared = session.removed.filter(({ name }) => !cleared.has(name) && !isBare(name))
  await writeKnownServers(session.stateFolder, whereOf(session), [...session.stack.servers, ...uncleared])
}

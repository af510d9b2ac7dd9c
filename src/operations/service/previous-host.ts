import { probeFromPeers } from '../../engine/probe-from-peers.ts'
import { failure } from '../../errors/failure.ts'
import { isObservation } from '../../observation/observation.ts'
import type { Server } from '../../stack/stack.ts'
import { checkReplace } from '../../status/check-replace.ts'
import { summarise } from '../../status/summarise.ts'
import { queryServers } from '../session/query-servers.ts'
import type { Session } from '../session/session.ts'
import { requireDrainable } from './require-drainable.ts'

/** The machine that has a server's place so far. */
export interface PreviousHost {
  readonly server: Server
  /** The file names another machine in its place. */
  readonly isElsewhere: boolean
  /** It answers, and this stack is placed on it. */
  readonly isAlive: boolean
  readonly isUnreachable: boolean
}

/**
 * Finds the machine that has a server's place, and whether the place may go to another one now.
 * @throws TRI-REPLACE-001; TRI-DRAIN-001 where it is alive and the others cannot serve without it
 */
export async function findPreviousHost(server: Server, session: Session, anyway: boolean): Promise<PreviousHost> {
  const { stack, connect } = session
  const previous = session.replaced.find(({ name }) => name === server.name) ?? server
  const others = stack.servers.filter(({ name }) => name !== server.name)
  const answers = await queryServers([...others, previous], session)
  const answer = answers.get(previous.name)!
  const isAlive = isObservation(answer) && answer.stack === stack.name
  const isUnreachable = !isObservation(answer)
  if (isUnreachable && answer.refused !== undefined)
    throw notNow(server, { refused: answer.refused.what, next: answer.refused.next })
  const refused = checkReplace({
    server,
    report: summarise(stack, answers),
    isAlive,
    heardBy: isUnreachable ? await probeFromPeers(previous, others, connect) : [],
    anyway,
  })
  if (refused !== undefined) throw notNow(server, refused)
  if (isAlive) requireDrainable(server, stack, answers, anyway)
  return { server: previous, isElsewhere: previous !== server, isAlive, isUnreachable }
}

const notNow = ({ name }: Server, { refused, next }: { readonly refused: string; readonly next: string }) =>
  failure('TRI-REPLACE-001', {
    what: `${name} cannot be replaced now`,
    why: refused,
    state: 'nothing was changed',
    next,
  })

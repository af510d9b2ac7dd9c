import type { Emit } from '../../events/event.ts'
import { isObservation } from '../../observation/observation.ts'
import type { RollingOperation } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import type { Proposal } from '../change/plan-stack.ts'
import { serversIn } from '../session/name-servers.ts'
import type { Session } from '../session/session.ts'
import { differs, nobodyNamed } from './failures.ts'
import type { RollingTask } from './rolling.ts'

export interface Pending {
  readonly rolling: RollingOperation
  /** The servers whose step has not begun. */
  readonly servers: readonly Server[]
}

/** The rolling operation that was cut off, or a new one; none if no server needs it. */
export async function findPending(
  session: Session,
  { stackState, plan, answers }: Proposal,
  { verb, choose }: RollingTask,
  words: readonly string[],
  emit: Emit,
): Promise<Pending | undefined> {
  const { stack } = session
  const cutOff = stackState.rolling?.verb === verb ? stackState.rolling : undefined
  if (cutOff === undefined && words.length === 0) throw nobodyNamed(verb, stack)
  if (cutOff === undefined && plan.waves.length > 0) throw differs(verb, plan)
  const named =
    cutOff === undefined ? serversIn(stack, words) : stack.servers.filter(({ name }) => cutOff.servers.includes(name))
  const due = named.filter(({ name }) => cutOff?.done.includes(name) !== true)
  const alive = due.filter(({ name }) => isObservation(answers.get(name) ?? { unreachable: '' }))
  for (const { name } of due.filter((server) => !alive.includes(server)))
    emit({ type: 'excluded', server: name, why: 'it does not answer' })
  if (cutOff !== undefined) {
    emit({ type: 'resumed', verb, done: cutOff.done.length, servers: cutOff.servers.length })
    return { rolling: cutOff, servers: alive }
  }
  const servers = choose === undefined ? alive : await choose(session, alive, emit)
  if (servers.length === 0) return undefined
  const names = servers.map(({ name }) => name)
  const aside = names.filter((name) => stackState.drained.includes(name))
  return { rolling: { verb, servers: names, done: [], aside }, servers }
}

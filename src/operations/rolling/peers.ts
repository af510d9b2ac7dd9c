import { failure } from '../../errors/failure.ts'
import type { Answers } from '../../observation/observation.ts'
import { isDrained } from '../../stack/stack-state.ts'
import { peersOf, type Server, type Stack } from '../../stack/stack.ts'
import { summarise } from '../../status/summarise.ts'
import type { Proposal } from '../change/plan-stack.ts'

/** Whether another server of its tier serves in its place. */
export function peersServe(server: Server, stack: Stack, answers: Answers): boolean {
  const { servers } = summarise(stack, answers)
  return peersOf(stack, server).some(({ name }) =>
    servers.some((one) => one.name === name && (one.state === 'well' || one.state === 'degraded')),
  )
}

/**
 * Refuses what visitors would notice, before anything begins. `begun` are the servers whose step was cut off: they are
 * back in service before the next step begins.
 * @throws TRI-DRAIN-001
 */
export function refuseAlone(
  servers: readonly Server[],
  begun: readonly Server[],
  stack: Stack,
  { answers, stackState }: Pick<Proposal, 'answers' | 'stackState'>,
  anyway: boolean,
): void {
  const alone = servers.filter(
    (server) =>
      !isDrained(stackState, server.name) &&
      !begun.some(({ tier }) => tier === server.tier) &&
      !peersServe(server, stack, answers),
  )
  if (anyway || alone.length === 0) return
  const names = alone.map(({ name }) => name)
  throw failure('TRI-DRAIN-001', {
    what: `Visitors would notice: nobody serves in place of ${names.join(', ')}`,
    state: 'nothing was changed',
    next: 'name the other servers only, raise the number of servers of that tier, or add `--anyway`',
  })
}

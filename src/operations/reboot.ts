import { restartServer } from '../engine/restart-server.ts'
import { failure } from '../errors/failure.ts'
import type { Emit } from '../events/event.ts'
import type { Server } from '../stack/stack.ts'
import type { Operator } from './operator.ts'
import { beginPhase } from './rolling/begin-phase.ts'
import { roll } from './rolling/roll.ts'
import type { Rolled, RollingProposal, RollingWish } from './rolling/rolling.ts'
import type { Session } from './session/session.ts'

/** Restarts servers one after the other, each drained first. @throws as `roll` */
export const reboot = (session: Session, wish: RollingWish, operator: Operator<RollingProposal>): Promise<Rolled> =>
  roll(session, wish, { verb: 'reboot', perform: restart }, operator)

/** @throws TRI-ROLL-003 where it does not come back. */
export async function restart(server: Server, { connect }: Pick<Session, 'connect'>, emit: Emit): Promise<void> {
  const restarted = beginPhase(server, 'restarts', emit)
  if (!(await restartServer(server, connect)))
    throw failure('TRI-ROLL-003', {
      what: `${server.name} did not come back within ten minutes of its restart`,
      next: 'look at its console; once it answers SSH',
    })
  restarted('restarted')
}

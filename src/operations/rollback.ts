import { isObservation } from '../observation/observation.ts'
import { chooseRelease } from '../stack/choose-release.ts'
import { changeRelease, type StackState } from '../stack/stack-state.ts'
import { hasTier, type Stack } from '../stack/stack.ts'
import { wasDeployInterrupted, wasRollbackInterrupted } from '../status/interrupted-release.ts'
import type { Operator } from './operator.ts'
import { rollOut, type Deployment, type Released, type ReleaseProposal } from './release/roll-out.ts'
import type { Session } from './session/session.ts'

export interface RollbackWish {
  /** A release, or the end of its name; unless stated, the newest before the one that runs. */
  readonly release?: string
}

/**
 * Goes back to a release that is still on the servers, on all of them at once. Nothing is built, and no command runs.
 * @throws TRI-DEPLOY-004 where no such release is kept; as `deploy`
 */
export const rollback = (
  session: Session,
  { release }: RollbackWish,
  operator: Operator<ReleaseProposal>,
): Promise<Released> => rollOut(session, backTo(session.stack, release), operator)

/** Releases of a time without an app have nothing to run. */
const withAppAlone = ({ kept, digests = {}, ...rest }: StackState): StackState => ({
  ...rest,
  kept: kept.filter((one) => digests[one] === undefined || digests[one].app !== undefined),
})

/**
 * The release is chosen once: when the plan is made again, the stack state may name it already. Without a name, a
 * rollback that was cut off goes on to the same release, not to the one before it; its last steps may end on the
 * servers after they were first asked.
 */
export function backTo(stack: Pick<Stack, 'servers'>, wanted?: string): Deployment {
  let goal: string | undefined
  return {
    verb: 'rollback',
    pace: 'at once',
    source: 'the servers, which still have it',
    newState: (current, answers) => {
      const observations = [...answers.values()].filter(isObservation)
      if (wanted === undefined && wasRollbackInterrupted(stack, observations, current)) goal = current.release
      goal ??= chooseRelease(hasTier(stack, 'app') ? withAppAlone(current) : current, wanted)
      if (goal === current.release) return current
      return changeRelease(current, goal, { wasCutOff: wasDeployInterrupted(stack, observations, current) })
    },
  }
}

import { failure } from '../errors/failure.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { buildFromConfig } from '../release/build-from-config.ts'
import { describeSource, nameRelease } from '../release/name-release.ts'
import { changeStackState, changeRelease, type StackState } from '../stack/stack-state.ts'
import type { Stack } from '../stack/stack.ts'
import { wasDeployInterrupted } from '../status/interrupted-release.ts'
import { neverServed } from '../status/never-served.ts'
import { commandServer } from './change/plan-stack.ts'
import type { Operator } from './operator.ts'
import { rollOut, type Deployment, type Released, type ReleaseProposal } from './release/roll-out.ts'
import type { Session } from './session/session.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface DeployWish {
  /** True to keep the release that runs: only settings, variables and secrets of the app change. */
  readonly same?: boolean
  /** A commit, tag or branch instead of the working tree. */
  readonly revision?: string
}

/**
 * Builds a release of the app, and changes the servers to it, one app server first. If it does not come up, every
 * server is rolled back and keeps what it ran.
 *
 * @example
 * ```ts
 * const { release } = await deploy(session, { revision: 'v1.4.0' }, { emit: () => {}, confirm: () => true })
 * ```
 * @throws TRI-USAGE-001; TRI-RELEASE-…; TRI-PLAN-…; TRI-LOCK-001; TRI-HOOK-001, -002; TRI-DEPLOY-001 where it was
 * rolled back, -002 where that did not succeed, -003 where the stack was never set up
 */
export async function deploy(
  session: Session,
  { same = false, revision }: DeployWish,
  operator: Operator<ReleaseProposal>,
): Promise<Released> {
  if (same && revision !== undefined)
    throw failure('TRI-USAGE-001', {
      what: '--same keeps the release that runs, but --revision builds another one',
      state: 'nothing was changed',
      next: 'use only one of them',
    })
  return await rollOut(session, same ? sameRelease : await newRelease(session, revision), operator)
}

const sameRelease: Deployment = {
  verb: 'deploy',
  pace: 'careful',
  source: 'the release that runs',
  newState: (current) => current,
}

async function newRelease(session: Session, revision?: string): Promise<Deployment> {
  const { config, folder, stateFolder, readAppSecrets, stack } = session
  const given = revision !== undefined && { revision }
  const name = await nameRelease({ folder, ...given })
  return {
    verb: 'deploy',
    pace: 'careful',
    source: await describeSource(folder, revision),
    newState: (current, answers) => newReleaseState(name, stack, current, answers),
    build: async ({ emit, signal }) => {
      const stop = signal && { signal }
      await buildFromConfig(name, { config, folder, stateFolder, readAppSecrets, emit, ...given, ...stop })
    },
  }
}

/** Once it is ordered, only the server that runs its command can still change, if that server was lost. */
function newReleaseState(name: string, stack: Stack, current: StackState, answers: Answers): StackState {
  const hasCommand = stack.declared.app.release !== undefined
  const wanted = hasCommand ? commandServer(stack, answers, current)?.commandOn : undefined
  if (hasCommand && wanted === undefined)
    throw failure('TRI-PLAN-003', {
      what: 'No app server answers that could run the release command',
      state: 'nothing was changed',
      next: `${trimaran('status')} says what state they are in; deploy again once one is back`,
    })
  if (current.release !== name)
    return changeRelease(current, name, {
      ...(wanted !== undefined && { commandOn: wanted }),
      wasCutOff: wasDeployInterrupted(stack, [...answers.values()].filter(isObservation), current),
      neverServed: neverServed(stack, answers, current),
    })
  const { commandOn } = current
  const isLost = commandOn !== undefined && !isObservation(answers.get(commandOn)!)
  return isLost && wanted !== undefined ? changeStackState(current, { commandOn: wanted }) : current
}

import { buildCommand } from '@stricli/core'
import { failure } from '../errors/failure.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { buildFromConfig } from '../release/build-from-config.ts'
import { describeSource, nameRelease } from '../release/name-release.ts'
import { changeStackState, changeRelease, type StackState } from '../stack/stack-state.ts'
import { wasDeployCutOff } from '../status/cut-off.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { commandServer } from '../operations/change/plan-stack.ts'
import { type Deployment, runDeploy } from './run-deploy.ts'
import type { Session } from '../operations/session/session.ts'

interface DeployFlags extends ChangeFlags {
  readonly same: boolean
  readonly revision?: string
}

export const deploy = buildCommand({
  docs: {
    brief: 'Build a release of the app, and let the servers change to it',
    fullDescription: [
      'Builds a release on this computer, in a clean copy of the working tree or of a revision, and ships it to all app and',
      'web servers. The release command of the config runs once. Then one app server changes to it, and after that the others',
      'in batches of a third of the tier, at least three: the new release starts beside the old one and gets requests once it',
      'is well. Web servers switch their files last; what a page needs that was opened before is still found.',
      '',
      'If it does not come up on a server, or its release command fails, every server is rolled back and keeps what it ran.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...changeFlags,
      same: {
        kind: 'boolean',
        brief: 'Keep the release; only settings, env and secrets of the app change',
        default: false,
        withNegated: false,
      },
      revision: {
        kind: 'parsed',
        parse: String,
        brief: 'A commit, tag or branch instead of the working tree',
        placeholder: 'revision',
        optional: true,
      },
    },
  },
  func: (flags: DeployFlags) =>
    runDeploy(flags, (session) => {
      if (flags.same && flags.revision !== undefined)
        throw failure('TRI-USAGE-001', {
          what: '--same keeps the release that runs, --revision builds another one',
          state: 'nothing was changed',
          next: 'say one of them',
        })
      return flags.same ? Promise.resolve(sameRelease) : newRelease(session, flags.revision)
    }),
})

const sameRelease: Deployment = {
  verb: 'deploy',
  pace: 'careful',
  source: 'the release that runs',
  newState: (current) => current,
}

async function newRelease(session: Session, revision?: string): Promise<Deployment> {
  const { folder } = session
  const given = revision !== undefined && { revision }
  const name = await nameRelease({ folder, ...given })
  return {
    verb: 'deploy',
    pace: 'careful',
    source: await describeSource(folder, revision),
    newState: (current, answers) => newReleaseState(session, name, current, answers),
    build: async (tell, signal) => {
      await buildFromConfig(name, { ...session, ...given, tell, signal })
    },
  }
}

/** Once it is ordered, only who runs its command may still change: another server, where that one was lost. */
function newReleaseState({ stack }: Session, name: string, current: StackState, answers: Answers): StackState {
  const wanted =
    stack.declared.app.release === undefined ? undefined : commandServer(stack, answers, current)?.commandOn
  if (stack.declared.app.release !== undefined && wanted === undefined)
    throw failure('TRI-PLAN-003', {
      what: 'No app server answers that could run the release command',
      state: 'nothing was changed',
      next: '`trimaran status` says what became of them; deploy again once one is back',
    })
  if (current.release !== name)
    return changeRelease(current, name, {
      ...(wanted !== undefined && { commandOn: wanted }),
      wasCutOff: wasDeployCutOff([...answers.values()].filter(isObservation), current),
    })
  const { commandOn } = current
  const isLost = commandOn !== undefined && !isObservation(answers.get(commandOn)!)
  return isLost && wanted !== undefined ? changeStackState(current, { commandOn: wanted }) : current
}

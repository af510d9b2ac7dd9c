import { buildCommand } from '@stricli/core'
import { isObservation } from '../observation/observation.ts'
import { chooseRelease } from '../stack/choose-release.ts'
import { changeRelease } from '../stack/stack-state.ts'
import { wasDeployCutOff, wasRollbackCutOff } from '../status/cut-off.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { type Deployment, runDeploy } from './run-deploy.ts'

export const rollback = buildCommand({
  docs: {
    brief: 'Go back to a release that ran before',
    fullDescription: [
      'Lets all servers change to a release that is still on them, at once: nothing is built, nothing is shipped, and no',
      'release command runs. Without a name it is the newest before the one that runs whose deploy was not cut off. `trimaran releases`',
      'lists them. The database stays as it is. Run again after it was cut off, it goes on to the same release.',
    ].join('\n'),
  },
  parameters: {
    flags: changeFlags,
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'The release, or the end of its name', parse: String, placeholder: 'release', optional: true },
      ],
    },
  },
  func: (flags: ChangeFlags, wanted?: string) => runDeploy(flags, () => Promise.resolve(backTo(wanted))),
})

/**
 * Where it goes is chosen once: asked again for what is left to do, the stack state may say so already. Without a name, one that was
 * cut off goes on to where it was going, not to the release before that; what it had begun may get through on the servers
 * only after they were first asked.
 */
export function backTo(wanted?: string): Deployment {
  let goal: string | undefined
  return {
    verb: 'rollback',
    pace: 'at once',
    source: 'the servers, which still have it',
    newState: (current, answers) => {
      const observations = [...answers.values()].filter(isObservation)
      if (wanted === undefined && wasRollbackCutOff(observations, current)) goal = current.release
      goal ??= chooseRelease(current, wanted)
      if (goal === current.release) return current
      return changeRelease(current, goal, { wasCutOff: wasDeployCutOff(observations, current) })
    },
  }
}

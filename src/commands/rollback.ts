import { buildCommand } from '@stricli/core'
import { chooseRelease } from '../stack/choose-release.ts'
import { orderRelease } from '../stack/orders.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { runDeploy } from './run-deploy.ts'

export const rollback = buildCommand({
  docs: {
    brief: 'Go back to a release that ran before',
    fullDescription: [
      'Lets all servers change to a release that is still on them, at once: nothing is built, nothing is shipped, and no',
      'release command runs. Without a name it is the newest one that is older than the one that runs. `trimaran releases`',
      'lists them. The database stays as it is.',
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
  func: (flags: ChangeFlags, wanted?: string) =>
    runDeploy(flags, () =>
      Promise.resolve({
        verb: 'rollback',
        pace: 'at once',
        source: 'the servers, which still have it',
        order: (standing) => {
          const release = chooseRelease(standing, wanted)
          return release === standing.release ? standing : orderRelease(standing, release)
        },
      }),
    ),
})

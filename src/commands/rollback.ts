import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin } from './frame.ts'
import { releaseOperator, showReleased } from './show-released.ts'
import { trimaran } from '../speech/suggested-command.ts'

export const rollback = buildCommand({
  docs: {
    brief: 'Go back to a release that ran before',
    fullDescription: [
      'Changes all servers at once to a release that is still on them: nothing is built, nothing is shipped, and no',
      `release command runs. Without a name it is the newest before the one that runs whose deploy was not cut off. ${trimaran('releases')}`,
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
  func: async (flags: ChangeFlags, release?: string) => {
    const { output, session } = await begin(flags, 'find')
    const wish = release === undefined ? {} : { release }
    await showReleased(output, operations.rollback(session, wish, releaseOperator(flags, output, session)), session)
  },
})

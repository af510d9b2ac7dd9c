import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin } from './frame.ts'
import { releaseOperator, showReleased } from './show-released.ts'

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
  func: async (flags: DeployFlags) => {
    const { output, session } = await begin(flags, 'find')
    const { same, revision } = flags
    const wish = { same, ...(revision !== undefined && { revision }) }
    await showReleased(output, operations.deploy(session, wish, releaseOperator(flags, output, session)), session)
  },
})

import { buildCommand, buildRouteMap } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { showIsolation } from '../ui/show-isolation.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { begin } from './frame.ts'

const isolation = buildCommand({
  docs: {
    brief: 'Try every connection between the servers, and hold it against the links',
    fullDescription: [
      'Tries each port that a link names, or that anything listens on, from every server to every other: as root, as a daemon, and as',
      'the app; and from this computer, as somebody outside. Names what is open although no link allows it, what is closed although',
      'one does, and servers whose rules were changed. Changes nothing; daemons log connections that said nothing.',
    ].join('\n'),
  },
  parameters: { flags: stackFlags },
  func: async (flags: StackFlags) => {
    const { output, session } = await begin(flags, 'find')
    const report = await operations.verifyIsolation(session)
    output.print(showIsolation(report, output.tone))
    output.printJson('isolation', report)
    if (!report.isSound) process.exitCode = exitCodes.failed
  },
})

export const verify = buildRouteMap({
  routes: { isolation },
  docs: { brief: 'Prove what the stack promises' },
})

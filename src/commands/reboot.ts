import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import type { DrainFlags } from './drain.ts'
import { begin } from './frame.ts'
import { rollingOperator, rollingParameters, showRolled } from './rolling-frame.ts'

export const reboot = buildCommand({
  docs: { brief: 'Restart servers one after the other, each drained first, so that visitors do not notice' },
  parameters: rollingParameters,
  func: async (flags: DrainFlags, ...servers: readonly string[]) => {
    const began = performance.now()
    const { output, session } = await begin(flags, 'find')
    const operator = rollingOperator(flags, output, 'Restart')
    const rolled = await operations.reboot(session, { servers, anyway: flags.anyway }, operator)
    const milliseconds = performance.now() - began
    showRolled(rolled, { verb: 'reboot', done: 'restarted', milliseconds }, output)
  },
})

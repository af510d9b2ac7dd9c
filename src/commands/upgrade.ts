import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import type { DrainFlags } from './drain.ts'
import { begin, operatorOf, planShower } from './frame.ts'
import { rollingOperator, rollingParameters, showRolled } from './rolling-frame.ts'

export const upgrade = buildCommand({
  docs: {
    brief: "Upgrade Debian's packages, one server after the other, each drained first, and the app's Node.js",
    fullDescription: [
      "Upgrades Debian's packages, one server after the other, each drained first. Where this Trimaran knows a newer Node.js",
      'than app servers have, the app is moved to it before, server by server, from one slot to the other.',
    ].join('\n'),
  },
  parameters: rollingParameters,
  func: async (flags: DrainFlags, ...servers: readonly string[]) => {
    const { output, session } = await begin(flags, 'find')
    const question = (): string => `Move the app of ${session.stack.name} to this Node.js?`
    const nodeOperator = operatorOf(flags, output, { show: planShower(output), question })
    const moved = await operations.moveNode(session, servers, nodeOperator)
    if (moved?.outcome === 'declined') return
    const began = performance.now()
    const operator = rollingOperator(flags, output, 'Upgrade')
    const rolled = await operations.upgrade(session, { servers, anyway: flags.anyway }, operator)
    const milliseconds = performance.now() - began
    showRolled(rolled, { verb: 'upgrade', done: 'upgraded', milliseconds }, output)
  },
})

import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { announceMove, formatPaused, formatPause } from '../ui/show-switchover.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin, operatorOf } from './frame.ts'

export const switchover = buildCommand({
  docs: { brief: 'Move the primary role to another database server, and say how long writes had to wait' },
  parameters: {
    flags: changeFlags,
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'The next primary; the best replica unless stated',
          parse: String,
          placeholder: 'server',
          optional: true,
        },
      ],
    },
  },
  func: async (flags: ChangeFlags, wanted?: string) => {
    const { output, session } = await begin(flags, 'find')
    const operator = operatorOf<operations.SwitchoverProposal>(flags, output, {
      show: ({ from, to, pausers }) => output.print(`${from} leads, and ${to} can take over. ${announceMove(pausers)}`),
      question: ({ to }) => `Let ${to} lead?`,
    })
    const wish = wanted === undefined ? {} : { to: wanted }
    const { from, to, moved } = await operations.switchover(session, wish, operator)
    if (moved === undefined) return
    const { pauseMilliseconds, writes, paused } = moved
    output.print(`${output.tone.green('✔')} ${to} leads now; ${from} follows it`)
    output.print([...formatPaused(moved), formatPause(moved)].join('\n'))
    output.printJson('switchover', {
      from,
      to,
      ...(pauseMilliseconds !== undefined && { pauseMilliseconds }),
      writes,
      paused,
    })
  },
})

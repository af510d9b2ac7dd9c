import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { isEmpty } from '../plan/plan.ts'
import { screen } from '../ui/layout.ts'
import { showPlan } from '../ui/show-plan.ts'
import { jsonOfPlan } from '../plan/json-of-plan.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { begin, withNotes } from './frame.ts'

interface PlanFlags extends StackFlags {
  readonly 'detailed-exitcode': boolean
  readonly everything: boolean
}

export const plan = buildCommand({
  docs: { brief: 'Show what `up` would change, and change nothing' },
  parameters: {
    flags: {
      ...stackFlags,
      everything: {
        kind: 'boolean',
        brief: 'List each step on new servers, too',
        default: false,
        withNegated: false,
      },
      'detailed-exitcode': {
        kind: 'boolean',
        brief: 'Exit with 3 when there are changes',
        default: false,
        withNegated: false,
      },
    },
  },
  func: async (flags: PlanFlags) => {
    const { output, session } = await begin(flags, 'find')
    const { plan: planned } = await operations.plan(session, output.emit)
    const hasRefusals = planned.refusals.length > 0
    // Refusals come first; the rest would only hide them.
    const shown = hasRefusals ? { ...planned, waves: [] } : planned
    const { rows, width } = screen()
    const text = showPlan(withNotes(shown, output), {
      tone: output.tone,
      everything: flags.everything,
      ...(rows !== undefined && { width }),
    })
    if (text !== '') output.quote(text)
    if (isEmpty(planned) && !hasRefusals)
      output.print(`${output.tone.green('✔')} ${session.stack.name} is as the file says: nothing to do`)
    output.quoteJson('plan', jsonOfPlan(withNotes(planned, output)))
    if (hasRefusals) process.exitCode = exitCodes.failed
    else if (flags['detailed-exitcode'] && !isEmpty(planned)) process.exitCode = exitCodes.changes
  },
})

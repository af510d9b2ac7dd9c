import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { summarise } from '../status/summarise.ts'
import { showNotes } from '../ui/show-status.ts'
import { showSummary } from '../ui/show-summary.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin, type Frame, operatorOf, planShower } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

interface UpFlags extends ChangeFlags {
  readonly anyway: boolean
}

export const up = buildCommand({
  docs: { brief: 'Make the servers what the file says' },
  parameters: {
    flags: {
      ...changeFlags,
      anyway: {
        kind: 'boolean',
        brief: 'Also where the last servers of a tier leave with the data that they hold',
        default: false,
        withNegated: false,
      },
    },
  },
  func: async (flags: UpFlags) => {
    const { output, session } = await begin(flags, 'boot')
    const operator = operatorOf(flags, output, {
      show: planShower(output),
      question: () => `Apply this to ${session.stack.name}?`,
    })
    const { outcome, proposal } = await operations.up(session, operator, { givesUpData: flags.anyway })
    if (outcome === 'nothing') formatNothingToDo({ output, session }, proposal)
    if (outcome !== 'applied' || flags.json) return
    const { maintenance } = proposal.stackState
    output.print(
      showSummary(
        { stack: session.stack, place: flags },
        { ...(await operations.firstLook(session)), isClosed: maintenance !== undefined },
        output.tone,
      ),
    )
  },
})

function formatNothingToDo({ output, session }: Frame, { plan, answers, stackState }: operations.Proposal): void {
  const left = plan.unreachable.map(({ server }) => server)
  const rest = left.length === 0 ? '' : `; unreachable: ${left.join(', ')}`
  output.print(`${output.tone.green('✔')} ${session.stack.name} is as the file says: nothing to do${rest}`)
  // A stack can be as the file says and still not answer: the two must not be confused.
  const reached = summarise(session.stack, answers).servers.filter(({ name }) => !left.includes(name))
  const notes = showNotes(reached, output.tone)
  if (notes !== '') output.print(notes)
  if (stackState.maintenance === undefined) return
  output.print(`  visitors see the maintenance page; ${trimaran('maintenance off')} ends that`)
}

import { buildCommand } from '@stricli/core'
import { summarise } from '../status/summarise.ts'
import { showNotes } from '../ui/show-status.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { showSummary } from './show-summary.ts'
import { removeLabServers } from '../operations/session/lab-servers.ts'
import { type Changed, runChange } from './run-change.ts'

export const up = buildCommand({
  docs: { brief: 'Make the servers what the file says' },
  parameters: { flags: changeFlags },
  func: async (flags: ChangeFlags) => {
    const changed = await runChange(flags, {
      verb: 'up',
      lab: 'boot',
      question: ({ stack }) => `Apply this to ${stack.name}?`,
    })
    const { outcome, session, output } = changed
    if (outcome === 'declined') return
    if (session.lab) await removeLabServers(session, output.tell)
    if (outcome === 'nothing') tellNothingToDo(changed)
    else if (!flags.json) output.print(await showSummary(session, changed.planned.stackState, output.tone))
  },
})

function tellNothingToDo({ session, output, planned }: Changed): void {
  const left = planned.plan.unreachable.map(({ server }) => server)
  const rest = left.length === 0 ? '' : `; unreachable: ${left.join(', ')}`
  output.print(`${output.tone.green('✔')} ${session.stack.name} is as the file says: nothing to do${rest}`)
  // Something that runs as the file says may still not do its work: nobody must take one for the other.
  const reached = summarise(session.stack, planned.answers).servers.filter(({ name }) => !left.includes(name))
  const notes = showNotes(reached, output.tone)
  if (notes !== '') output.print(notes)
  if (planned.stackState.maintenance === undefined) return
  output.print(`  visitors see the maintenance page; \`trimaran maintenance off\` ends that`)
}

import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin, operatorOf, planShower } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

export const down = buildCommand({
  docs: { brief: 'Take the stack off its servers; packages and the database files stay' },
  parameters: { flags: changeFlags },
  func: async (flags: ChangeFlags) => {
    const { output, session } = await begin(flags, 'find')
    const { name } = session.stack
    const operator = operatorOf(flags, output, {
      show: planShower(output),
      question: () => `Stop ${name} and take it off its servers? Visitors will get no answer.`,
    })
    const outcome = await operations.down(session, operator)
    if (outcome !== 'declined') output.print(format(outcome, name, flags))
    output.printJson('done', { changed: outcome === 'applied' })
  },
})

function format(outcome: 'nothing' | 'applied', name: string, { lab }: ChangeFlags): string {
  if (outcome === 'nothing') return `There is nothing of ${name} on its servers.`
  return [
    `${name} is off its servers. Debian packages stay, and so do the database's files.`,
    lab
      ? `${trimaran('lab down')} removes the lab servers themselves.`
      : 'To delete the data: `rm -r /var/lib/postgresql/17/main /var/lib/etcd` on the database servers.',
  ].join('\n')
}

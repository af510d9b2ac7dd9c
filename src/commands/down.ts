import { buildCommand } from '@stricli/core'
import { createOutput } from '../ui/output.ts'
import { showPlan } from '../ui/show-plan.ts'
import { jsonOfPlan } from '../ui/json-of-plan.ts'
import { ask } from '../ui/ask.ts'
import { clearServers } from '../operations/change/clear-servers.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { interruption } from './interruption.ts'
import { openSession } from '../operations/session/open-session.ts'

export const down = buildCommand({
  docs: { brief: 'Take the stack off its servers; packages and the database files stay' },
  parameters: { flags: changeFlags },
  func: async (flags: ChangeFlags) => {
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'find', output.tell)
    const { name } = session.stack
    const outcome = await clearServers(session, {
      tell: output.tell,
      show: (plan) => {
        output.print(showPlan(plan, { tone: output.tone }))
        output.printJson({ type: 'plan', plan: jsonOfPlan(plan) })
      },
      confirm: () =>
        flags.yes
          ? Promise.resolve(true)
          : ask(`Stop ${name} and take it off its servers? Visitors will get no answer.`),
      signal: interruption(),
    })
    const texts = {
      nothing: `There is nothing of ${name} on its servers.`,
      declined: 'Nothing was changed.',
      applied: [
        `${name} is off its servers. Debian packages stay, and so do the database's files.`,
        flags.lab
          ? '`trimaran lab down` removes the lab servers themselves.'
          : 'To delete the data: `rm -r /var/lib/postgresql/17/main /var/lib/etcd` on the database servers.',
      ].join('\n'),
    }
    output.print(texts[outcome])
    output.printJson({ type: 'done', changed: outcome === 'applied' })
  },
})

import { buildCommand } from '@stricli/core'
import { isObservation } from '../observation/observation.ts'
import { isDrained } from '../stack/stack-state.ts'
import { tiers } from '../stack/tiers.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { undrainedState, waitUntilUsed } from '../operations/service/drain-server.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { runChange } from './run-change.ts'
import { oneServer } from '../operations/session/session.ts'

export const undrain = buildCommand({
  docs: { brief: 'Put a drained server back into service, and wait until its neighbours use it' },
  parameters: {
    flags: changeFlags,
    positional: { kind: 'tuple', parameters: [{ brief: 'A server', parse: String, placeholder: 'server' }] },
  },
  func: async (flags: ChangeFlags, name: string) => {
    const began = performance.now()
    const { outcome, session, output, planned } = await runChange(flags, {
      verb: 'undrain',
      lab: 'find',
      question: () => `Put ${name} back into service?`,
      about: () => name,
      newState: undrainedState(name),
      check: (_planned, { stack }) => void oneServer(stack, name),
    })
    if (outcome === 'declined') return
    const server = oneServer(session.stack, name)
    const answer = planned.answers.get(name)
    const { tone } = output
    if (answer === undefined || !isObservation(answer)) {
      output.print(`${tone.yellow('!')} ${name} does not answer; \`trimaran up\` puts it in service when it is back`)
      return
    }
    if (outcome === 'nothing' && !isDrained(planned.current, name)) {
      output.printJson({ type: 'undrained', server: name, milliseconds: 0 })
      output.print(`${tone.green('✔')} ${name} was not drained: nothing to do`)
      return
    }
    await waitUntilUsed(session, server, output.tell)
    const milliseconds = performance.now() - began
    output.printJson({ type: 'undrained', server: name, milliseconds })
    const time = tone.dim(`  ${formatDuration(milliseconds)}`)
    output.print(`${tone.green('✔')} ${name} is back in service${time}\n  ${tiers[server.tier].backInService}`)
  },
})

import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { tiers } from '../stack/tiers.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin, operatorOf, planShower } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

export const undrain = buildCommand({
  docs: { brief: 'Put a drained server back into service, and wait until its neighbours use it' },
  parameters: {
    flags: changeFlags,
    positional: { kind: 'tuple', parameters: [{ brief: 'A server', parse: String, placeholder: 'server' }] },
  },
  func: async (flags: ChangeFlags, name: string) => {
    const began = performance.now()
    const { output, session } = await begin(flags, 'find')
    const question = (): string => `Put ${name} back into service?`
    const operator = operatorOf(flags, output, { show: planShower(output), question })
    const { outcome, isAlive, wasDrained } = await operations.undrain(session, name, operator)
    const { tone } = output
    if (outcome === 'declined') return
    if (!isAlive) {
      output.printJson('undrained', { server: name, milliseconds: 0, isAlive })
      output.print(`${tone.yellow('!')} ${name} does not answer; ${trimaran('up')} puts it in service when it is back`)
      return
    }
    if (outcome === 'nothing' && !wasDrained) {
      output.printJson('undrained', { server: name, milliseconds: 0, isAlive })
      output.print(`${tone.green('✔')} ${name} was not drained: nothing to do`)
      return
    }
    const milliseconds = performance.now() - began
    output.printJson('undrained', { server: name, milliseconds, isAlive })
    const time = tone.dim(`  ${formatDuration(milliseconds)}`)
    const { tier } = operations.oneServer(session.stack, name)
    output.print(`${tone.green('✔')} ${name} is back in service${time}\n  ${tiers[tier].backInService}`)
  },
})

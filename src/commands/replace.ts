import { trimaran } from '../speech/suggested-command.ts'
import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { createOutput } from '../ui/output.ts'
import { anywayFlag, type DrainFlags } from './drain.ts'
import { changeFlags } from './flags.ts'
import { operatorOf, placeOf, planShower } from './frame.ts'

export const replace = buildCommand({
  docs: {
    brief: "Give a server's place to another machine",
    fullDescription: [
      `For a machine that is dead, or is to go: ${trimaran('replace db-2 root@10.0.0.47')}`,
      'A machine that is alive is drained and cleared first. The new one gets all that the old one had, and',
      'a database server gets its data from the others. Without a destination, the machine that now answers at the old one is used;',
      'in a lab, a new one is made.',
    ].join('\n'),
  },
  parameters: {
    flags: { ...changeFlags, ...anywayFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'A server', parse: String, placeholder: 'server' },
        {
          brief: 'The SSH destination of the new machine; it is written into the config',
          parse: String,
          placeholder: 'destination',
          optional: true,
        },
      ],
    },
  },
  func: async (flags: DrainFlags, server: string, destination?: string) => {
    const began = performance.now()
    const output = createOutput(flags)
    const operator = operatorOf(flags, output, { show: planShower(output), question })
    const wish = { server, anyway: flags.anyway, ...(destination !== undefined && { destination }) }
    const replaced = await operations.replace(placeOf(flags), wish, operator)
    if (replaced.outcome === 'declined') return
    const milliseconds = performance.now() - began
    const { tone } = output
    output.printJson('replaced', { server, milliseconds, wasAlive: replaced.previous.isAlive })
    const time = tone.dim(`  ${formatDuration(milliseconds)}`)
    output.print(
      [`${tone.green('✔')} ${server} is a new machine, in service${time}`, ...formatRest(replaced)].join('\n'),
    )
  },
})

function question({ server: { name, destination }, previous }: operations.ReplaceProposal): string {
  const to = previous.isElsewhere ? ` to ${destination}` : ' to a new machine'
  if (previous.isAlive) return `Give the place of ${name}${to}? The old one is alive: it is drained and cleared first.`
  return `Give the place of ${name}${previous.isUnreachable ? ', which is unreachable,' : ''}${to}?`
}

function formatRest({ server: { name }, previous, where }: operations.Replaced): readonly string[] {
  return [
    ...(where === undefined ? [] : [`  ${where} names it`]),
    ...(previous.isUnreachable && previous.isElsewhere
      ? [`  Keep the old one off (${previous.server.destination}): if it starts again, it acts as ${name}`]
      : []),
  ]
}

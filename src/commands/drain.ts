import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { formatDuration } from '../ui/format-duration.ts'
import type { Tone } from '../ui/tone.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin, operatorOf, planShower } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface DrainFlags extends ChangeFlags {
  readonly anyway: boolean
}

/** For verbs that take servers out of service. */
export const anywayFlag = {
  anyway: {
    kind: 'boolean',
    brief: 'Even if visitors will notice: the last server of a tier, or one in a tier that is not well',
    default: false,
    withNegated: false,
  },
} as const

export const drain = buildCommand({
  docs: { brief: 'Take a server out of service, and wait until it is free to be worked on' },
  parameters: {
    flags: { ...changeFlags, ...anywayFlag },
    positional: { kind: 'tuple', parameters: [{ brief: 'A server', parse: String, placeholder: 'server' }] },
  },
  func: async (flags: DrainFlags, server: string) => {
    const began = performance.now()
    const { output, session } = await begin(flags, 'find')
    const operator = operatorOf(flags, output, { show: planShower(output), question: () => `Drain ${server}?` })
    const drained = await operations.drain(session, { server, anyway: flags.anyway }, operator)
    if (drained.outcome === 'declined') return
    const { isAlive, freed, notes } = drained
    const milliseconds = performance.now() - began
    output.printJson('drained', { server, milliseconds, isAlive, ...freed, notes })
    output.print(format(server, drained, milliseconds, output.tone))
  },
})

function format(
  name: string,
  { outcome, isAlive, freed, notes }: operations.Drained,
  milliseconds: number,
  tone: Tone,
): string {
  const { left, cut, callers } = freed
  const isFree = left === 0 && callers.length === 0
  const head = !isAlive
    ? `${name} is drained; it is unreachable, and the other servers send nothing there when it comes back`
    : isFree
      ? `${name} is ${outcome === 'nothing' ? 'drained already, and ' : 'drained and '}free: you may stop, restart or unplug it`
      : `${name} is drained, and not free yet`
  return [
    `${isFree ? tone.green('✔') : tone.yellow('!')} ${head}${tone.dim(`  ${formatDuration(milliseconds)}`)}`,
    ...(cut > 0
      ? [`  ${cut} open ${cut === 1 ? 'connection was' : 'connections were'} cut off at the end of the drain time`]
      : []),
    ...(left > 0
      ? [`  ${left} ${left === 1 ? 'is' : 'are'} still open there, and would be cut off if you stopped it now`]
      : []),
    ...callers.map(
      (caller) => `  ${caller} still sends requests there: ${trimaran('status')} says what state it is in`,
    ),
    ...notes.map((note) => `  ${note}`),
    tone.dim(`  It stays out of service, also when it starts again, until ${trimaran(`undrain ${name}`)}`),
  ].join('\n')
}

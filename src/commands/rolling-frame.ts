import * as operations from '../operations/index.ts'
import { formatDuration } from '../ui/format-duration.ts'
import type { Output } from '../ui/output.ts'
import { anywayFlag, type DrainFlags } from './drain.ts'
import { changeFlags } from './flags.ts'
import { operatorOf } from './frame.ts'

/** Flags and arguments of a rolling operation. */
export const rollingParameters = {
  flags: { ...changeFlags, ...anywayFlag },
  positional: {
    kind: 'array',
    parameter: {
      brief: 'Servers, tiers, or all; none to go on with what was cut off',
      parse: String,
      placeholder: 'server',
    },
  },
} as const

/** The operator of a rolling operation; `title` as in “Restart web-1, then web-2?” */
export const rollingOperator = (
  flags: DrainFlags,
  output: Output,
  title: string,
): operations.Operator<operations.RollingProposal> =>
  operatorOf(flags, output, {
    show: ({ verb, servers, drainedBefore }) => {
      output.print(formatOrder(title, servers, output))
      output.printJson('rolling', { verb, servers, drainedBefore })
    },
    question: ({ servers }) => `${title} ${servers.length === 1 ? servers[0] : `these ${servers.length} servers`}?`,
  })

function formatOrder(title: string, names: readonly string[], { tone }: Output): string {
  const list = tone.bold(names.join(', '))
  return names.length === 1
    ? `${title}: ${list}`
    : `${title}, one after the other: ${list}\n${tone.dim('Each is drained first, and the next one waits until it is well and back in service.')}`
}

/** Its last lines; `done` as in “9 servers were restarted”. */
export function showRolled(
  { outcome, servers }: operations.Rolled,
  { verb, done, milliseconds }: { readonly verb: string; readonly done: string; readonly milliseconds: number },
  output: Output,
): void {
  if (outcome !== 'applied') return
  const { tone } = output
  const who = servers.length === 1 ? `${servers[0]} was` : `${servers.length} servers were`
  output.print(`${tone.green('✔')} ${who} ${done}${tone.dim(`  ${formatDuration(milliseconds)}`)}`)
  output.printJson('rolled', { verb, servers, milliseconds })
}

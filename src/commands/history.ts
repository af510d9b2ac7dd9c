import { buildCommand } from '@stricli/core'
import type { HistoryEntry } from '../engine/read-history.ts'
import * as operations from '../operations/index.ts'
import { columns } from '../ui/columns.ts'
import { formatTime } from '../ui/format-time.ts'
import { tableWidth } from '../ui/layout.ts'
import type { Tone } from '../ui/tone.ts'
import { type StackFlags, stackFlags, wholeNumber } from './flags.ts'
import { begin } from './frame.ts'

interface HistoryFlags extends StackFlags {
  readonly lines: number
}

export const history = buildCommand({
  docs: { brief: 'Show who changed what and when, from the audit trails of the servers' },
  parameters: {
    flags: {
      ...stackFlags,
      lines: {
        kind: 'parsed',
        parse: wholeNumber,
        brief: 'How many commands, from the last one back',
        default: '20',
        placeholder: 'number',
      },
    },
  },
  func: async (flags: HistoryFlags) => {
    const { output, session } = await begin(flags, 'find')
    const { stack } = session
    const entries = await operations.history(session, flags.lines, output.emit)
    for (const entry of entries) output.quoteJson('history', entry)
    output.print(
      entries.length === 0
        ? `Nothing was changed on the servers of ${stack.name} yet`
        : columns(
            [
              ['WHEN', 'WHO', 'WHAT', 'ON', ''],
              ...entries.map((entry) => row(entry, stack.servers.length, output.tone)),
            ],
            { width: tableWidth(), wraps: [1, 2, 3] },
          ),
    )
  },
})

const row = (
  { at, operator, command, about, servers, steps, ok }: HistoryEntry,
  all: number,
  tone: Tone,
): readonly string[] => [
  formatTime(at),
  operator,
  about === '' ? command : `${command} ${about}`,
  servers.length === all ? 'all servers' : servers.length > 4 ? `${servers.length} servers` : servers.join(', '),
  ok ? (steps === 0 ? '' : tone.dim(`${steps} ${steps === 1 ? 'step' : 'steps'}`)) : tone.red('failed'),
]

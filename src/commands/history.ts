import { buildCommand } from '@stricli/core'
import { askTrail, type Deed, readHistory } from '../engine/read-history.ts'
import { TrimaranError } from '../errors/failure.ts'
import { columns } from '../ui/columns.ts'
import { createOutput } from '../ui/output.ts'
import type { Tone } from '../ui/tone.ts'
import { type StackFlags, stackFlags, wholeNumber } from './flags.ts'
import { openSession } from '../operations/session/open-session.ts'

interface HistoryFlags extends StackFlags {
  readonly lines: number
}

/** A command leaves several lines on a server: one for each wave. */
const linesForEach = 6

export const history = buildCommand({
  docs: { brief: 'Tell who changed what and when, from the servers’ own audit trails' },
  parameters: {
    flags: {
      ...stackFlags,
      lines: {
        kind: 'parsed',
        parse: wholeNumber,
        brief: 'So many of the last commands',
        default: '20',
        placeholder: 'number',
      },
    },
  },
  func: async (flags: HistoryFlags) => {
    const output = createOutput(flags.json)
    const { stack, connect } = await openSession(flags, 'find', output.tell)
    const trails = new Map<string, string>()
    await Promise.all(
      stack.servers.map(async (server) => {
        try {
          const connection = await connect(server)
          trails.set(server.name, (await connection.run(askTrail(flags.lines * linesForEach).text)).stdout)
        } catch (error) {
          if (!(error instanceof TrimaranError)) throw error
          output.tell({ type: 'unreachable', server: server.name, why: error.facts.why ?? error.message })
        }
      }),
    )
    const read = readHistory(trails)
    const deeds = read.deeds.slice(-flags.lines)
    if (read.damaged.length > 0)
      output.tell({
        type: 'note',
        level: 'warning',
        text: `lines of the audit trail of ${read.damaged.join(', ')} could not be read`,
      })
    for (const deed of deeds) output.printJson(deed)
    output.print(
      deeds.length === 0
        ? `Nothing was changed on the servers of ${stack.name} yet`
        : columns([
            ['WHEN', 'WHO', 'WHAT', 'ON', ''],
            ...deeds.map((deed) => row(deed, stack.servers.length, output.tone)),
          ]),
    )
  },
})

const row = (
  { at, operator, command, about, servers, steps, ok }: Deed,
  all: number,
  tone: Tone,
): readonly string[] => [
  new Date(at).toLocaleString('sv-SE'),
  operator,
  about === '' ? command : `${command} ${about}`,
  servers.length === all ? 'all servers' : servers.length > 4 ? `${servers.length} servers` : servers.join(', '),
  ok ? (steps === 0 ? '' : tone.dim(`${steps} ${steps === 1 ? 'step' : 'steps'}`)) : tone.red('failed'),
]

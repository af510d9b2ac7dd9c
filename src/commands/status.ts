import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { formatTime } from '../ui/format-time.ts'
import { screen } from '../ui/layout.ts'
import { fitStatus, showStatus } from '../ui/show-status.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { begin, type Frame } from './frame.ts'

interface StatusFlags extends StackFlags {
  readonly watch: boolean
}

export const status = buildCommand({
  docs: { brief: 'Show the state of the stack; exits with 4 when something is down' },
  parameters: {
    flags: {
      ...stackFlags,
      watch: { kind: 'boolean', brief: 'Ask again every two seconds', default: false, withNegated: false },
    },
  },
  func: async (flags: StatusFlags) => {
    const frame = await begin(flags, 'find')
    if (flags.watch) return await watch(frame)
    const { output, session } = frame
    const report = await operations.status(session)
    const { rows, width } = screen()
    output.print(showStatus(output.inPlace(report), output.tone, rows === undefined ? {} : { width }))
    output.printJson('status', report)
    if (report.state !== 'well' && report.state !== 'drained') process.exitCode = exitCodes.unwell
  },
})

const pauseMilliseconds = 2000

/** Shows a fresh screen every two seconds until Ctrl-C; under `--json`, a line each time. */
async function watch({ output, session }: Frame): Promise<void> {
  for (;;) {
    const report = await operations.status(session)
    const time = output.tone.dim(`${formatTime(Date.now())}, every 2 s, Ctrl-C to leave`)
    const { width, rows } = screen()
    const { tone, inPlace } = output
    // Below the status an empty line, the time, and the line in which the cursor stands.
    const text =
      rows === undefined ? showStatus(report, tone) : fitStatus(inPlace(report), tone, { width, rows: rows - 3 })
    output.clear()
    output.print(`${text}\n\n${time}`)
    output.printJson('status', report)
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds))
  }
}

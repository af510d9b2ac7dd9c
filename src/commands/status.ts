import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { showStatus } from '../ui/show-status.ts'
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
    output.print(showStatus(report, output.tone))
    output.printJson(report)
    if (report.state !== 'well' && report.state !== 'drained') process.exitCode = exitCodes.unwell
  },
})

const pauseMilliseconds = 2000

/** Shows a fresh screen every two seconds until Ctrl-C; under `--json`, a line each time. */
async function watch({ output, session }: Frame): Promise<void> {
  for (;;) {
    const report = await operations.status(session)
    output.clear()
    output.print(showStatus(report, output.tone))
    output.print(output.tone.dim(`\n${new Date().toTimeString().slice(0, 8)}, every 2 s, Ctrl-C to leave`))
    output.printJson(report)
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds))
  }
}

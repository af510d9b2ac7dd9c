import { buildCommand } from '@stricli/core'
import { components } from '../components/index.ts'
import { observe } from '../engine/observe.ts'
import { type StatusReport, summarise } from '../status/summarise.ts'
import { createOutput } from '../ui/output.ts'
import { showStatus } from '../ui/show-status.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { openSession } from '../operations/session/open-session.ts'
import type { Session } from '../operations/session/session.ts'

interface StatusFlags extends StackFlags {
  readonly watch: boolean
}

export const status = buildCommand({
  docs: { brief: 'Show how the stack fares; exits with 4 when something is down' },
  parameters: {
    flags: {
      ...stackFlags,
      watch: { kind: 'boolean', brief: 'Ask again every two seconds', default: false, withNegated: false },
    },
  },
  func: async (flags: StatusFlags) => {
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'find', output.tell)
    if (flags.watch) return await watch(session, flags)
    const report = await askStatus(session)
    output.print(showStatus(report, output.tone))
    output.printJson(report)
    if (report.state !== 'well' && report.state !== 'drained') process.exitCode = exitCodes.unwell
  },
})

const pauseMilliseconds = 2000

/** Shows a fresh screen every two seconds until Ctrl-C; under `--json`, a line each time. */
async function watch(session: Session, flags: StatusFlags): Promise<void> {
  const output = createOutput(flags.json)
  for (;;) {
    const report = await askStatus(session)
    output.clear()
    output.print(showStatus(report, output.tone))
    output.print(output.tone.dim(`\n${new Date().toTimeString().slice(0, 8)}, every 2 s, Ctrl-C to leave`))
    output.printJson(report)
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds))
  }
}

async function askStatus({ stack, connect, secrets }: Session): Promise<StatusReport> {
  return summarise(
    stack,
    await observe(stack.servers, { stack, components, connect, secrets, tell: () => {}, patienceSeconds: 1 }),
  )
}

import { buildCommand } from '@stricli/core'
import { type EventLog, openEventLog } from '../engine/event-log.ts'
import { ask } from '../ui/ask.ts'
import { createOutput, type Output } from '../ui/output.ts'
import { showPlan } from '../ui/show-plan.ts'
import { bringUp, type UpResult } from './bring-up.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { interruption } from './interruption.ts'
import { removeLabServers } from './lab-servers.ts'
import { openSession } from './open-session.ts'
import type { Session } from './session.ts'
import { greet } from './greet.ts'

export const up = buildCommand({
  docs: { brief: 'Make the servers what the file says' },
  parameters: { flags: changeFlags },
  func: async (flags: ChangeFlags) => {
    const log = { current: undefined as EventLog | undefined }
    const output = createOutput(flags.json, (event) => log.current?.write(event))
    const session = await openSession(flags, 'boot', output.tell)
    log.current = await openEventLog(session.stateFolder, 'up')
    const result = await bringUp(session, {
      tell: output.tell,
      show: (plan) => {
        output.print(showPlan(plan, { tone: output.tone }))
        output.printJson({ type: 'plan', plan })
      },
      confirm: () => (flags.yes ? Promise.resolve(true) : ask(`Apply this to ${session.stack.name}?`)),
      signal: interruption(),
    })
    await log.current.close(result.outcome === 'applied')
    if (session.lab && result.outcome !== 'declined') await removeLabServers(session, output.tell)
    await finish(session, result, output, flags)
  },
})

async function finish(
  session: Session,
  { outcome, planned }: UpResult,
  output: Output,
  flags: ChangeFlags,
): Promise<void> {
  const { tone } = output
  if (outcome === 'declined') {
    output.print('Nothing was changed.')
    return
  }
  if (outcome === 'nothing') {
    const left = planned.plan.skipped.map(({ server }) => server)
    const rest = left.length === 0 ? '' : `; left out: ${left.join(', ')}`
    output.print(`${tone.green('✔')} ${session.stack.name} is as the file says: nothing to do${rest}`)
    output.printJson({ type: 'done', changed: false })
    return
  }
  output.printJson({ type: 'done', changed: true })
  if (!flags.json) output.print(await greet(session, tone))
}

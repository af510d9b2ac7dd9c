import { type EventLog, openEventLog } from '../engine/event-log.ts'
import { ask } from '../ui/ask.ts'
import { createOutput, type Output } from '../ui/output.ts'
import { showPlan } from '../ui/show-plan.ts'
import { jsonOfPlan } from '../ui/json-of-plan.ts'
import { type Change, type ChangeResult, changeStack } from '../operations/change/change-stack.ts'
import { type ChangeFlags, patienceOf } from './flags.ts'
import { interruption } from './interruption.ts'
import { openSession } from '../operations/session/open-session.ts'
import type { Session } from '../operations/session/session.ts'

/** A verb that changes servers: what it is for, and how it asks. */
export interface ChangeVerb extends Change {
  /** Whether lab servers that are missing are booted, or only what is there is looked for. */
  readonly lab: 'boot' | 'find'
  /** Absent where the operator has said yes already. */
  readonly question?: (session: Session) => string
  /** The stack that is meant, where it is not the one of the file: one without a server that leaves. */
  readonly meant?: (session: Session) => Session
  /** Called once the operator, or --yes, has said yes to a plan, before anything of it is done. */
  readonly confirmed?: () => void
}

export interface Changed extends ChangeResult {
  readonly session: Session
  readonly output: Output
}

/**
 * The story of every verb that changes servers by a plan: opens the session, shows the plan, asks, applies it, and keeps
 * the events of it beside the config. What there is to say at the end is left to the verb, but for “nothing was changed”.
 */
export async function runChange(flags: ChangeFlags, verb: ChangeVerb): Promise<Changed> {
  const log = { current: undefined as EventLog | undefined }
  const output = createOutput(flags.json, (event) => log.current?.write(event))
  const opened = await openSession(flags, verb.lab, output.tell)
  const session = verb.meant?.(opened) ?? opened
  log.current = await openEventLog(session.stateFolder, verb.verb)
  const result = await changeStack(session, verb, {
    tell: output.tell,
    show: (plan) => {
      output.print(showPlan(plan, { tone: output.tone }))
      output.printJson({ type: 'plan', plan: jsonOfPlan(plan) })
    },
    ...patienceOf(flags),
    confirm: async () => {
      const isWanted = flags.yes || verb.question === undefined || (await ask(verb.question(session)))
      if (isWanted) verb.confirmed?.()
      return isWanted
    },
    signal: interruption(),
  })
  await log.current.close(result.outcome === 'applied')
  if (result.outcome === 'declined') output.print('Nothing was changed.')
  else output.printJson({ type: 'done', changed: result.outcome === 'applied' })
  return { ...result, session, output }
}

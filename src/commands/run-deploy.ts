import { type EventLog, openEventLog } from '../engine/event-log.ts'
import { failure, TrimaranError } from '../errors/failure.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import type { Pace } from '../plan/create-plan.ts'
import type { StackState } from '../stack/stack-state.ts'
import { ask } from '../ui/ask.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { createOutput, type Output } from '../ui/output.ts'
import { showDeploy } from '../ui/show-deploy.ts'
import { jsonOfPlan } from '../ui/json-of-plan.ts'
import { changeStack } from '../operations/change/change-stack.ts'
import { type ChangeFlags, patienceOf } from './flags.ts'
import { interruption } from './interruption.ts'
import { excludeUnreachable, missed } from '../operations/release/exclude-unreachable.ts'
import { formatUnreachable } from '../ui/format-unreachable.ts'
import { openSession } from '../operations/session/open-session.ts'
import { type HookFacts, runHook } from '../operations/release/run-hook.ts'
import type { Session } from '../operations/session/session.ts'

/** What a deploy is to bring about. */
export interface Deployment {
  readonly verb: HookFacts['verb']
  readonly pace: Pace
  /** Where the release comes from, in words: `the working tree`. */
  readonly source: string
  /** The new stack state, made from the current one; the same one where it says so already. */
  readonly newState: (current: StackState, answers: Answers) => StackState
  /** Builds the release, where it is a new one. */
  readonly build?: (tell: Output['tell'], signal: AbortSignal) => Promise<void>
}

/**
 * The story of `deploy` and `rollback`: shows in a few lines what will happen, asks, runs the hook before it, builds, and
 * has the servers change to the release one after the other. Where it does not come up, all of them are rolled back.
 */
export async function runDeploy(flags: ChangeFlags, prepare: (session: Session) => Promise<Deployment>): Promise<void> {
  const log = { current: undefined as EventLog | undefined }
  const output = createOutput(flags.json, (event) => log.current?.write(event))
  const session = await openSession(flags, 'find', output.tell)
  const deployment = await prepare(session)
  const { verb, pace, source, newState, build } = deployment
  log.current = await openEventLog(session.stateFolder, verb)
  const signal = interruption()
  const seen = { current: undefined as StackState | undefined, stackState: undefined as StackState | undefined }
  const begun = { at: 0 }
  const facts = (): HookFacts => ({ verb, release: seen.stackState!.release, previous: seen.current!.release })
  const change = {
    verb,
    about: () => seen.stackState!.release,
    pace,
    rollsBack: true,
    newState: (current: StackState, answers: Answers) => {
      refuseBareServers(answers)
      const stackState = excludeUnreachable(newState(current, answers), answers, session)
      seen.current ??= current
      seen.stackState ??= stackState
      return stackState
    },
    prepare: async () => {
      begun.at = performance.now()
      await runHook('before', session, facts(), output.tell)
      await build?.(output.tell, signal)
    },
  }
  const finish = async (outcome: NonNullable<HookFacts['outcome']>): Promise<void> => {
    const seconds = (performance.now() - begun.at) / 1000
    if (begun.at > 0) await runHook('after', session, { ...facts(), outcome, seconds }, output.tell)
  }
  try {
    const { outcome, planned } = await changeStack(session, change, {
      tell: output.tell,
      show: (plan) => {
        const { current, stackState } = seen
        output.print(showDeploy(plan, { tone: output.tone, verb, source, current: current!, stackState: stackState! }))
        output.printJson({ type: 'plan', plan: jsonOfPlan(plan) })
      },
      confirm: () => (flags.yes ? Promise.resolve(true) : ask(questionOf(deployment, session, seen.stackState!))),
      ...patienceOf(flags),
      signal,
    })
    await log.current.close(outcome === 'applied')
    if (outcome === 'applied') await finish('deployed')
    const left = outcome === 'applied' ? missed(planned, session) : []
    output.printJson({
      type: 'done',
      changed: outcome === 'applied',
      release: planned.stackState.release,
      unreachable: left,
    })
    output.print(
      outcome === 'declined'
        ? 'Nothing was changed.'
        : outcome === 'nothing'
          ? `${output.tone.green('✔')} ${session.stack.name} runs ${planned.stackState.release} as the file says: nothing to do`
          : `${output.tone.green('✔')} ${session.stack.name} runs ${planned.stackState.release}  ${output.tone.dim(formatDuration(performance.now() - begun.at))}`,
    )
    if (left.length > 0) output.print(formatUnreachable(left, planned.stackState.excluded ?? [], output.tone))
  } catch (error) {
    await log.current.close(true)
    if (error instanceof TrimaranError && error.code !== 'TRI-HOOK-001' && error.code !== 'TRI-HOOK-002') {
      output.settle()
      await finish(error.code === 'TRI-DEPLOY-001' ? 'rolled-back' : 'failed').catch((second: unknown) => {
        if (!(second instanceof TrimaranError)) throw second
        output.tell({ type: 'note', level: 'warning', text: second.message })
      })
      output.settle()
    }
    throw error
  }
}

const questionOf = ({ verb }: Deployment, { stack }: Session, { release }: StackState): string =>
  verb === 'rollback' ? `Take ${stack.name} back to ${release}?` : `Deploy this to ${stack.name}?`

function refuseBareServers(answers: Answers): void {
  const observations = [...answers.values()].filter(isObservation)
  if (observations.some(({ manifest }) => manifest.length > 0)) return
  throw failure('TRI-DEPLOY-003', {
    what: 'The stack was never set up',
    state: 'nothing was changed',
    next: '`trimaran up` sets it up, and releases the app for the first time',
  })
}

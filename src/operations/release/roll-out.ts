import { TrimaranError } from '../../errors/failure.ts'
import type { Answers } from '../../observation/observation.ts'
import type { Pace } from '../../plan/create-plan.ts'
import { isEmpty, type Plan } from '../../plan/plan.ts'
import { servingTier } from '../../stack/stack.ts'
import type { StackState } from '../../stack/stack-state.ts'
import { applyProposal } from '../change/apply-proposal.ts'
import type { Outcome } from '../change/change-stack.ts'
import type { Proposal } from '../change/plan-stack.ts'
import { requireUninterrupted, unchanged, unlessInterrupted } from '../interrupted.ts'
import { proposeChange } from '../change/propose-change.ts'
import { refuseBareServers } from '../change/refuse-bare-servers.ts'
import { recordEvents } from '../change/record-events.ts'
import { requireServed } from '../look/require-served.ts'
import type { Operator, Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { excludeUnreachable, missed } from './exclude-unreachable.ts'
import { refuseNobody } from './refuse-nobody.ts'
import { type HookFacts, runHook } from './run-hook.ts'

/** A deploy or a rollback. */
export interface Deployment {
  readonly verb: HookFacts['verb']
  readonly pace: Pace
  /** The origin of the release, in words: `the working tree`. */
  readonly source: string
  /** The stack state for it, from the current one; the same one where nothing changes. */
  readonly newState: (current: StackState, answers: Answers) => StackState
  /** Builds the release, where it is a new one. */
  readonly build?: (terms: Terms) => Promise<void>
}

/** What an operator is asked before the release changes. */
export interface ReleaseProposal {
  readonly verb: Deployment['verb']
  readonly source: string
  readonly plan: Plan
  /** The stack state before, and the new one. */
  readonly current: StackState
  readonly stackState: StackState
}

export interface Released {
  readonly outcome: Outcome
  /** The release that runs, or would run. */
  readonly release: string
  /** The servers that should have got it, and did not answer. */
  readonly unreachable: readonly string[]
  /** Those of them that their neighbours send nothing to. */
  readonly excluded: readonly string[]
  /** Since the operator confirmed. */
  readonly milliseconds: number
}

/**
 * Shows the plan, asks, runs the hook, builds, and changes the servers to the release one after the other. If the
 * release does not come up, all of them are rolled back.
 */
export const rollOut = (
  session: Session,
  deployment: Deployment,
  operator: Operator<ReleaseProposal>,
): Promise<Released> =>
  recordEvents(session, deployment.verb, operator, async (heard) => {
    const { proposal, proposed } = await proposeRelease(session, deployment, heard)
    heard.show?.(proposed)
    requireUninterrupted(heard, unchanged)
    if (isEmpty(proposal.plan)) {
      await requireServed(
        session,
        proposal.stackState,
        'the servers run that release already: nothing was changed',
        heard,
      )
      return { ...nothingDone, outcome: 'nothing', release: proposal.stackState.release }
    }
    if (!(await heard.confirm(proposed)))
      return { ...nothingDone, outcome: 'declined', release: proposal.stackState.release }
    const { applied, milliseconds } = await betweenHooks(session, proposed, heard, async () => {
      await unlessInterrupted(heard, async () => deployment.build?.(heard), unchanged)
      const task = { verb: deployment.verb, about: proposed.stackState.release, rollsBack: true }
      return await applyProposal(session, proposal, task, heard)
    })
    const { release, excluded = [] } = applied.stackState
    await requireServed(
      session,
      applied.stackState,
      `${release} runs on all ${servingTier(session.stack)} servers that answer`,
      heard,
    )
    return { outcome: 'applied', release, unreachable: missed(applied, session), excluded, milliseconds }
  })

const nothingDone = { unreachable: [], excluded: [], milliseconds: 0 } as const

interface Proposed {
  readonly proposal: Proposal
  readonly proposed: ReleaseProposal
}

async function proposeRelease(
  session: Session,
  { verb, pace, source, newState }: Deployment,
  { emit }: Terms,
): Promise<Proposed> {
  // The first proposal is what is shown and what hooks get: later, the stack state may have changed already.
  const first = { current: undefined as StackState | undefined, stackState: undefined as StackState | undefined }
  const wish = {
    pace,
    newState: (current: StackState, answers: Answers): StackState => {
      refuseBareServers(answers)
      refuseNobody(current, answers, session)
      const stackState = excludeUnreachable(newState(current, answers), answers, session)
      first.current ??= current
      first.stackState ??= stackState
      return stackState
    },
  }
  const proposal = await proposeChange(session, wish, emit)
  const { plan } = proposal
  return { proposal, proposed: { verb, source, plan, current: first.current!, stackState: first.stackState! } }
}

/** Runs the user's hooks before and after; the one after it always runs, and gets the outcome. */
async function betweenHooks(
  session: Session,
  { verb, current, stackState }: ReleaseProposal,
  terms: Terms,
  work: () => Promise<Proposal>,
): Promise<{ readonly applied: Proposal; readonly milliseconds: number }> {
  const began = performance.now()
  const facts = { verb, release: stackState.release, previous: current.release }
  const after = (outcome: NonNullable<HookFacts['outcome']>): Promise<void> =>
    runHook('after', session, { ...facts, outcome, seconds: (performance.now() - began) / 1000 }, terms)
  await runHook('before', session, facts, terms)
  const applied = await work().catch(async (error: unknown) => {
    if (error instanceof TrimaranError)
      await after(error.code === 'TRI-DEPLOY-001' ? 'rolled-back' : 'failed').catch((second: unknown) => {
        if (!(second instanceof TrimaranError)) throw second
        terms.emit({ type: 'note', level: 'warning', text: second.message })
      })
    throw error
  })
  await after('deployed')
  return { applied, milliseconds: performance.now() - began }
}

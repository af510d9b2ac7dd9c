import { auditEntry } from '../../engine/apply-script.ts'
import { applyPlan, type ApplyOptions, type ApplyResult, type Failed } from '../../engine/apply-plan.ts'
import { rollBack, type RollBackOptions } from '../../engine/roll-back.ts'
import { failure, TrimaranError } from '../../errors/failure.ts'
import { isObservation } from '../../observation/observation.ts'
import { kindOf } from '../../resources/kinds.ts'
import { changesOf, type Plan, type ServerChange } from '../../plan/plan.ts'
import type { StackState } from '../../stack/stack-state.ts'
import type { Stack } from '../../stack/stack.ts'
import { wasDeployInterrupted } from '../../status/interrupted-release.ts'
import type { Proposal } from './plan-stack.ts'
import { trimaran } from '../../speech/suggested-command.ts'

interface Looking {
  readonly stack: Pick<Stack, 'servers'>
  /** Says what runs where with this state of the stack, and whether visitors are served. */
  readonly lookBack: (told: StackState) => Promise<string>
}

/** How many servers may be lost during a deploy before it stops. */
const patience = 3

/**
 * Recovers, under the same lock, from a change of the release that stopped. A server that was lost is excluded, and the
 * others go on without it. Any other failure is the release's own: every server that was changed is rolled back.
 * @throws TRI-DEPLOY-001, or -002 where that did not succeed.
 */
export async function recover(
  stopped: ApplyResult,
  { plan, answers, current, stackState: tried, askAgain }: Proposal,
  options: ApplyOptions & Pick<RollBackOptions, 'seal'> & Looking,
): Promise<void> {
  const { emit, stack } = options
  const applied = [...stopped.applied]
  const lostOrFailed = new Set(stopped.failed)
  let [result, stackState] = [stopped, tried]
  for (let lost = 0; lost < patience && isOnlyLost(result, options); lost += 1) {
    emit({ type: 'note', level: 'warning', text: `${result.failed.join(', ')} was lost; the others go on without it` })
    const gone = await goOn(askAgain, options)
    // What cannot be asked or built now ends the deploy, too: what was changed is rolled back.
    if (gone === undefined) break
    if (gone.stackState.number > stackState.number) stackState = gone.stackState
    result = gone.result
    applied.push(...result.applied)
    if (result.ok) return
    for (const server of result.failed) lostOrFailed.add(server)
  }
  emit({ type: 'stage', name: `rolling back ${[...new Set(applied.map(({ server }) => server.name))].join(', ')}` })
  // Higher than any number that a lost server may have.
  const before = { ...current, number: stackState.number + 1 }
  const left = await rollBack([...applied, ...unbegun(plan, applied, lostOrFailed)], {
    ...options,
    // The roll back has its own line in the history: else the deploy would look as if it had succeeded.
    audit: auditEntry({ ...options.audit, command: `${options.audit.command}, rolled back` }),
    stackState: before,
    manifestOf: (server) => {
      const answer = answers.get(server)
      return answer !== undefined && isObservation(answer) ? answer.manifest : []
    },
  })
  const seen = await options.lookBack(before)
  if (left.length > 0) throw couldNotRollBack(result, before, left, seen)
  const observations = [...answers.values()].filter(isObservation)
  throw rolledBack(result, before, stackState, {
    seen,
    isBeforeCutOff: wasDeployInterrupted(stack, observations, current),
  })
}

/** Servers that were to change and had not begun: they get the state with the new number, as all others, and nothing is left to do. */
function unbegun(
  plan: Plan,
  applied: readonly ServerChange[],
  lostOrFailed: ReadonlySet<string>,
): readonly ServerChange[] {
  const others = changesOf(plan).filter(
    ({ server }) => !lostOrFailed.has(server.name) && applied.every((one) => one.server.name !== server.name),
  )
  return others.map((change) => ({ ...change, changes: [] }))
}

/** The rest of the change, without the servers that were lost; nothing where not even that can begin. */
async function goOn(
  askAgain: Proposal['askAgain'],
  options: ApplyOptions,
): Promise<{ readonly result: ApplyResult; readonly stackState: StackState } | undefined> {
  try {
    const { plan, stackState } = await askAgain()
    return { result: await applyPlan(plan, options), stackState }
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    options.emit({ type: 'note', level: 'warning', text: error.facts.what })
    return undefined
  }
}

const isOnlyLost = ({ failures }: ApplyResult, { signal }: ApplyOptions): boolean =>
  signal?.aborted !== true && failures.length > 0 && failures.every(({ isLost }) => isLost)

function rolledBack(
  { failures, failed, unserved }: ApplyResult,
  before: StackState,
  tried: StackState,
  { seen, isBeforeCutOff }: { readonly seen: string; readonly isBeforeCutOff: boolean },
): TrimaranError {
  const why = unserved ?? failures.map(tellingWords).join('\n')
  const what =
    unserved !== undefined
      ? `${tried.release} came up, and visitors were not served`
      : failures.length === 0
        ? 'The deploy was interrupted'
        : failures.some(({ step }) => step !== undefined && kindOf(step.kind).isForTier === true)
          ? `The release command of ${tried.release} failed on ${failed.join(', ')}`
          : `${tried.release} did not come up on ${failed.join(', ')}`
  return failure('TRI-DEPLOY-001', {
    what,
    ...(why !== '' && { why }),
    state: `it was rolled back: ${seen}${isBeforeCutOff ? `; ${before.release} was ordered earlier, and that was cut off: ${trimaran('up')} finishes it` : ''}`,
    next:
      failures.length === 0 && unserved === undefined
        ? 'run it again when you like'
        : 'fix the cause above, and deploy again',
    details: { failures, release: before.release, tried: tried.release },
  })
}

const couldNotRollBack = (
  { failures }: ApplyResult,
  before: StackState,
  left: readonly string[],
  seen: string,
): TrimaranError =>
  failure('TRI-DEPLOY-002', {
    what: `The deploy failed, and ${left.join(', ')} could not be rolled back`,
    why: failures.map(tellingWords).join('\n'),
    state: seen,
    next: `${trimaran('status')} says what state ${left.join(', ')} is in; ${trimaran('up')} brings it to ${before.release}, too`,
    details: { failures, left },
  })

/**
 * All of it was shown when it happened. Most is said by what ends with a next step; else by the line in which a program tells
 * its error; else by the end.
 */
function tellingWords({ server, output }: Failed): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const explained = lines.flatMap((line, at) => (line.startsWith('→ ') ? [lines[at - 1] ?? '', line] : []))
  const [said] =
    explained.length > 0 ? [explained.join('\n')] : [lines.findLast((line) => tellsError.test(line)) ?? lines.at(-1)]
  return `${server}: ${said ?? ''}`
}

const tellsError = /^\s*(\w*(error|exception)\b|fatal|panic)/i

import type { Blueprint } from '../blueprint/blueprint.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { trimaran } from '../speech/suggested-command.ts'
import { narrowBlueprint, type Narrowed } from './narrow-blueprint.ts'
import { changesOf, type Plan, stepsOf } from './plan.ts'

/**
 * The part of a plan that changes the stack state only, and leaves out pending changes of the file: a server can be
 * drained, or the site closed, while the file is being edited. The two lists of blueprints are those without and with
 * the change.
 */
export function planStateAlone(
  before: readonly Blueprint[],
  wanted: readonly Blueprint[],
  answers: Answers,
  planFor: (blueprints: readonly Blueprint[]) => Plan,
): Plan {
  const narrowed = wanted.map((blueprint, position): Narrowed => {
    const answer = answers.get(blueprint.server.name)
    if (answer === undefined || !isObservation(answer)) return { blueprint, refusals: [] }
    return narrowBlueprint(before[position]!, blueprint, answer)
  })
  const whole = planFor(wanted)
  const plan = planFor(narrowed.map(({ blueprint }) => blueprint))
  const concerned = new Set(changesOf(plan).map(({ server }) => server.name))
  const isPending = countSteps(whole) > countSteps(plan)
  return {
    ...plan,
    // Refusals about other changes do not count, such as a port that a new server needs.
    refusals: [
      ...plan.refusals.filter(({ server }) => server === plan.stack || concerned.has(server)),
      ...narrowed.flatMap(({ refusals }) => refusals),
    ],
    warnings: isPending
      ? [
          ...plan.warnings,
          `other changes stay pending; ${trimaran('plan')} shows them, and ${trimaran('up')} applies them`,
        ]
      : plan.warnings,
  }
}

const countSteps = (plan: Plan): number => changesOf(plan).flatMap(stepsOf).length

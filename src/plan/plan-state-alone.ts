import type { Blueprint } from '../blueprint/blueprint.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { trimaran } from '../speech/suggested-command.ts'
import { narrowBlueprint, type Narrowed } from './narrow-blueprint.ts'
import { changesOf, type Plan, stepsOf } from './plan.ts'

/**
 * The part of a plan that places what an operator told the stack, and leaves what is pending in the file: a server is drained,
 * or the site closed, whatever else somebody has begun to write there. The two lists of blueprints are those without it and
 * with it.
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
    // What stands in the way of something else is no reason: a port that a new server needs, where nothing is changed.
    refusals: [
      ...plan.refusals.filter(({ server }) => server === plan.stack || concerned.has(server)),
      ...narrowed.flatMap(({ refusals }) => refusals),
    ],
    warnings: isPending
      ? [...plan.warnings, `what else is pending stays so; ${trimaran('plan')} shows it, and ${trimaran('up')} does it`]
      : plan.warnings,
  }
}

const countSteps = (plan: Plan): number => changesOf(plan).flatMap(stepsOf).length

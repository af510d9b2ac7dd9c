import type { Blueprint } from '../blueprint/blueprint.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { trimaran } from '../speech/suggested-command.ts'
import { narrowBlueprint, type Narrowed } from './narrow-blueprint.ts'
import { changesOf, type Plan, stepsOf } from './plan.ts'

interface States {
  /** Blueprints of all servers, with what the stack was told before. */
  readonly before: readonly Blueprint[]
  /** The same with what it is told now. */
  readonly wanted: readonly Blueprint[]
  /** A server that gets all of it: it comes back, and missed what the others have. */
  readonly whole: string | undefined
}

/**
 * The part of a plan that changes the stack state only, and leaves out pending changes of the file: a server can be
 * drained, or the site closed, while the file is being edited.
 */
export function planStateAlone(
  { before, wanted, whole: returning }: States,
  answers: Answers,
  planFor: (blueprints: readonly Blueprint[]) => Plan,
): Plan {
  const narrowed = wanted.map((blueprint, position): Narrowed => {
    const answer = answers.get(blueprint.server.name)
    if (answer === undefined || !isObservation(answer) || blueprint.server.name === returning)
      return { blueprint, refusals: [] }
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

/** How many steps a plan has on all servers. */
export const countSteps = (plan: Plan): number => changesOf(plan).flatMap(stepsOf).length

import type { Plan, ServerChange } from './plan.ts'
import type { Step } from '../resources/resource.ts'

/** A plan as programs read it. */
export type PlanInJson = Omit<Plan, 'waves'> & {
  readonly waves: readonly (Omit<Plan['waves'][number], 'changes'> & { readonly changes: readonly ChangeInJson[] })[]
}

type ChangeInJson = Pick<ServerChange, 'server' | 'isNew' | 'disturbs' | 'adopts'> & {
  readonly changes: readonly { readonly component: string; readonly steps: readonly StepInJson[] }[]
}

type StepInJson = Pick<Step, 'kind' | 'name' | 'action' | 'reason' | 'diff' | 'disturbs'>

/**
 * What `--json` prints of a plan: what is to happen, where, and why. Not the scripts that do it: they hold passwords, and what
 * is printed there ends in the logs of a CI.
 */
export const jsonOfPlan = ({ waves, ...plan }: Plan): PlanInJson => ({
  ...plan,
  waves: waves.map(({ changes, ...wave }) => ({ ...wave, changes: changes.map(jsonOfChange) })),
})

const jsonOfChange = ({ server, isNew, disturbs, adopts, changes }: ServerChange): ChangeInJson => ({
  server,
  isNew,
  disturbs,
  adopts,
  changes: changes.map(({ component, steps }) => ({ component, steps: steps.map(jsonOfStep) })),
})

const jsonOfStep = ({ kind, name, action, reason, diff, disturbs }: Step): StepInJson => ({
  kind,
  name,
  action,
  reason,
  ...(diff && { diff }),
  disturbs,
})

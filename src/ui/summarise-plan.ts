import { listRuns } from '../explain/text.ts'
import { changesOf, type Plan, type ServerChange, stepsOf } from '../plan/plan.ts'
import type { Disturbance } from '../resources/resource.ts'
import { columns } from './columns.ts'
import { countPlan } from './show-plan.ts'
import type { Tone } from './tone.ts'

/** What happens to a server, the worst first. */
const fates = ['restart', 'cleared', 'reload', 'set up', 'changed'] as const
type Fate = (typeof fates)[number]

const signs: Readonly<Record<Fate, readonly [sign: string, remark: string]>> = {
  restart: ['↺', 'something on it restarts'],
  cleared: ['-', 'leaves the stack'],
  reload: ['↻', 'no connection is lost'],
  'set up': ['+', 'is new'],
  changed: ['~', 'nobody notices'],
}

const fateOf: Readonly<Record<Disturbance, Fate>> = { restart: 'restart', reload: 'reload', nothing: 'changed' }

/** A plan in a few lines, shown before the question where the plan is longer than the screen. */
export function summarisePlan(plan: Plan, { tone, width }: { readonly tone: Tone; readonly width: number }): string {
  const byServer = Map.groupBy(
    changesOf(plan).filter((change) => stepsOf(change).length > 0),
    ({ server }) => server.name,
  )
  const fateByServer = [...byServer].map(([name, changes]) => [name, worst(changes)] as const)
  const rows = fates.flatMap((fate) => {
    const names = fateByServer.filter(([, its]) => its === fate).map(([name]) => name)
    const [sign, remark] = signs[fate]
    return names.length === 0 ? [] : [[`${sign} ${fate}`, listRuns(names), tone.dim(remark)]]
  })
  return [
    `${tone.bold('In short')}: ${countPlan(plan)}`,
    columns(rows, { indent: '  ', width, wraps: [1] }),
    ...plan.warnings.map((text) => `${tone.yellow('!')} ${text.replaceAll('\n', '\n  ')}`),
  ].join('\n')
}

function worst(changes: readonly ServerChange[]): Fate {
  if (changes.some(({ manifest }) => manifest.length === 0)) return 'cleared'
  if (changes.some(({ isNew }) => isNew)) return 'set up'
  return fates.find((fate) => changes.some(({ disturbs }) => fateOf[disturbs] === fate)) ?? 'changed'
}

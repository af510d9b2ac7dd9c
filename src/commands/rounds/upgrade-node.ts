import { roleOf } from '../../components/index.ts'
import { changesOf, type Plan, stepsOf } from '../../plan/plan.ts'
import { nameRelease } from '../../release/name-release.ts'
import { createOutput } from '../../ui/output.ts'
import { openSession } from '../../operations/session/open-session.ts'
import { planStack } from '../../operations/change/plan-stack.ts'
import { runChange } from '../run-change.ts'
import type { RoundFlags } from './round.ts'
import { serversIn } from '../../operations/rolling/servers-in.ts'

/**
 * Moves the app to a newer Node where this Trimaran knows one: server by server, each into its other slot, so that nobody
 * has to be drained. Anything else that differs is left to `up`. Tells whether to go on.
 */
export async function upgradeNode(flags: RoundFlags, words: readonly string[]): Promise<boolean> {
  const { tell } = createOutput(flags.json)
  const session = await openSession(flags, 'find', tell)
  if (!serversIn(session.stack, words).some(({ tier }) => tier === 'app')) return true
  const { plan } = await planStack(session, { firstRelease: await nameRelease({ folder: session.folder }) }, tell)
  if (!bringsNode(plan)) return true
  const { outcome } = await runChange(flags, {
    verb: 'upgrade',
    lab: 'find',
    question: ({ stack }) => `Move the app of ${stack.name} to this Node.js?`,
  })
  return outcome !== 'declined'
}

/** Whether it brings another Node to the app, and does nothing beside. */
export function bringsNode(plan: Plan): boolean {
  const changes = changesOf(plan)
  return (
    changes.every(
      ({ server, changes: parts }) => server.tier === 'app' && parts.every(({ component }) => component === 'app'),
    ) &&
    changes
      .flatMap(stepsOf)
      .some(({ kind, action, name }) => kind === 'tree' && action === 'create' && roleOf('runsApp').isRuntime(name))
  )
}

import type { Server, Stack, TierName } from '../stack/stack.ts'
import { changesOf, type Plan } from './plan.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * The part of a plan that one tier needs, where something else is left to do elsewhere, such as the rest of a deploy that was cut
 * off: a site must be closed at once, and even if that rest would fail. Where there is nothing but their copies of the stack state,
 * all servers get them; in other cases the next `up` brings them with the rest.
 */
export function keepTier(plan: Plan, tier: TierName, { servers }: Pick<Stack, 'servers'>): Plan {
  const isOfTier = ({ tier: its }: Pick<Server, 'tier'>): boolean => its === tier
  const isPending = changesOf(plan).some(
    ({ server, changes }) => !isOfTier(server) && changes.some(({ component }) => component !== 'stack'),
  )
  if (!isPending && plan.refusals.length === 0) return plan
  const names = servers.filter(isOfTier).map(({ name }) => name)
  const waves = plan.waves.flatMap(({ changes, ends: _ends, ...wave }) => {
    const kept = changes.filter(({ server }) => isOfTier(server))
    if (kept.length === 0) return []
    return [{ ...wave, title: `${tier}: ${kept.map(({ server }) => server.name).join(', ')}`, changes: kept }]
  })
  return {
    ...plan,
    waves,
    refusals: plan.refusals.filter(({ server }) => names.includes(server)),
    warnings: [...plan.warnings, `something else is left to do, and stays so: ${trimaran('up')} does it`],
  }
}

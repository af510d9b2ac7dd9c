import { type Component, having } from '../components/component.ts'
import { fileAt, joinManifests, type Manifest } from '../resources/manifest.ts'
import { pausePath } from '../resources/state-folder.ts'
import type { Step } from '../resources/resource.ts'
import { linksInto, type Stack, type TierName } from '../stack/stack.ts'
import type { ServerPlan, Wave } from './plan.ts'

/** A server that can pause what it asks of a tier, and the component that does so there. */
export interface Pauser extends ServerPlan {
  readonly component: string
}

export type PausersOf = (tier: TierName) => readonly Pauser[]

/** Servers of the tiers that call a tier, on which a component has placed the program that pauses. */
export const findPausers =
  (stack: Pick<Stack, 'links'>, serverPlans: readonly ServerPlan[], components: readonly Component[]): PausersOf =>
  (tier) => {
    if (!having(components, 'pausesCalls').some(({ role }) => role.tier === tier)) return []
    const callers = new Set(linksInto(stack, tier).map(({ from }) => from))
    return serverPlans
      .filter(({ change }) => change.server.tier !== tier && callers.has(change.server.tier))
      .flatMap((serverPlan) => {
        const program = fileAt(serverPlan.observation.manifest, pausePath(tier))
        return program === undefined ? [] : [{ ...serverPlan, component: program.component }]
      })
  }

/** One step on all of them at the same time. */
export function pauseWave(title: string, pausers: readonly Pauser[], step: Step): Wave {
  return {
    title: `${title}: ${pausers.map(({ change }) => change.server.name).join(', ')}`,
    changes: pausers.map((pauser) => ({
      ...pauser.change,
      changes: [{ component: pauser.component, steps: [step] }],
      disturbs: 'nothing',
      manifest: bothManifests(pauser),
      adopts: [],
    })),
  }
}

/** What is there before a server's change and what will be: right in the middle of it, too. */
export const bothManifests = ({ change, observation }: ServerPlan): Manifest =>
  joinManifests(observation.manifest, change.manifest)

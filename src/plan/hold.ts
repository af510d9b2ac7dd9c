import { fileAt, joinManifests, type Manifest } from '../resources/manifest.ts'
import { holdPath } from '../resources/state-folder.ts'
import type { Step } from '../resources/resource.ts'
import { linksInto, type Stack, type TierName } from '../stack/stack.ts'
import type { Candidate, Wave } from './plan.ts'

/** A server that can hold back what it asks of a tier, and the component that does so there. */
export interface Holder extends Candidate {
  readonly component: string
}

export type HoldersOf = (tier: TierName) => readonly Holder[]

/** Servers of the tiers that call a tier, on which a component has placed the program that holds back. */
export const findHolders =
  (stack: Pick<Stack, 'links'>, candidates: readonly Candidate[]): HoldersOf =>
  (tier) => {
    const callers = new Set(linksInto(stack, tier).map(({ from }) => from))
    return candidates
      .filter(({ change }) => change.server.tier !== tier && callers.has(change.server.tier))
      .flatMap((candidate) => {
        const program = fileAt(candidate.observation.manifest, holdPath(tier))
        return program === undefined ? [] : [{ ...candidate, component: program.component }]
      })
  }

/** One step on all of them at the same time. */
export function holdWave(title: string, holders: readonly Holder[], step: Step): Wave {
  return {
    title: `${title}: ${holders.map(({ change }) => change.server.name).join(', ')}`,
    changes: holders.map((holder) => ({
      ...holder.change,
      changes: [{ component: holder.component, steps: [step] }],
      disturbs: 'nothing',
      manifest: bothManifests(holder),
      adopts: [],
    })),
  }
}

/** What is there before a server's change and what will be: right in the middle of it, too. */
export const bothManifests = ({ change, observation }: Candidate): Manifest =>
  joinManifests(observation.manifest, change.manifest)

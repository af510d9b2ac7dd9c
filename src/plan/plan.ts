import type { Observation } from '../observation/observation.ts'
import type { Refusal } from '../preflight/refusal.ts'
import type { Manifest } from '../resources/manifest.ts'
import type { Disturbance, Step } from '../resources/resource.ts'
import type { Server } from '../stack/stack.ts'

/** The steps of one component on one server: they succeed together or are rolled back together. */
export interface ComponentChange {
  readonly component: string
  readonly steps: readonly Step[]
}

/** All steps on one server, in order. */
export interface ServerChange {
  readonly server: Server
  readonly changes: readonly ComponentChange[]
  /** True where Trimaran has placed nothing yet. */
  readonly isNew: boolean
  /** The strongest disturbance among the steps. */
  readonly disturbs: Disturbance
  /** The manifest once all of it is done; written before the first step together with the old one. */
  readonly manifest: Manifest
  /** Files that stand there now, were not placed by Trimaran, and are about to be replaced: they are kept aside. */
  readonly adopts: readonly string[]
}

/** A change, and what the server said of itself before it. */
export interface ServerPlan {
  readonly change: ServerChange
  readonly observation: Observation
}

/** Changes that run at the same time. The next wave begins when all have succeeded. */
export interface Wave {
  readonly title: string
  /** True where everything else has succeeded before it: it only removes old things for good. */
  readonly isLast?: boolean
  readonly changes: readonly ServerChange[]
  /** It ends what began this many waves before, and runs even if one of those waves fails. */
  readonly ends?: number
}

/** An unreachable server. The next `up` that reaches it applies its changes. */
export interface Skipped {
  readonly server: string
  readonly why: string
}

export interface Plan {
  readonly stack: string
  readonly waves: readonly Wave[]
  readonly unreachable: readonly Skipped[]
  readonly refusals: readonly Refusal[]
  /** What the operator should know before saying yes: the last healthy server of a tier goes out of service, … */
  readonly warnings: readonly string[]
  /** Remarks beside the steps: why something was placed where it is. */
  readonly remarks?: readonly string[]
}

export const isEmpty = (plan: Plan): boolean => plan.waves.length === 0

export const changesOf = (plan: Plan): readonly ServerChange[] => plan.waves.flatMap(({ changes }) => changes)

export const stepsOf = (change: ServerChange): readonly Step[] => change.changes.flatMap(({ steps }) => steps)

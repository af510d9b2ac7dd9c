import type { ComponentHealth, Reports } from '../components/component.ts'
import type { Manifest } from '../resources/manifest.ts'
import type { Kind } from '../resources/resource.ts'
import type { HostFacts } from '../stack/host-facts.ts'
import type { StackState } from '../stack/stack-state.ts'
import type { LockMark } from './lock-mark.ts'

/** The answer of one server, from one round trip. */
export interface Observation {
  readonly host: HostFacts
  /** The existing resources of each kind that was asked for, by name. */
  readonly resources: ReadonlyMap<Kind, ReadonlyMap<string, unknown>>
  /** What Trimaran has placed there. */
  readonly manifest: Manifest
  /** Whether its manifest also listed things that Trimaran never places: it is written again. */
  readonly isManifestForged?: true
  /** Files that say how the units run that Trimaran places, besides Debian's: those that it placed, and others. */
  readonly unitFiles?: readonly string[]
  /** The stack that the server belongs to, where Trimaran placed one. */
  readonly stack?: string
  /** The fingerprint of the stack key of its passwords, where Trimaran placed any. */
  readonly keyFingerprint?: string
  /** Its copy of the stack state, where it has one with a valid signature. */
  readonly stackState?: StackState
  /** Why its copy is not used: `is not signed`. */
  readonly refusedStackState?: string
  /** Impossible answers, as clauses that follow its name; they are not used. */
  readonly doubts?: readonly string[]
  /** The mark of the operator lock; absent where somebody held the lock. */
  readonly lockMark?: LockMark
  /** A change that began there and is not finished. It runs if somebody holds the lock; otherwise it was cut off or failed. */
  readonly unfinished?: Unfinished
  /** The health of each component that belongs there. */
  readonly health: ReadonlyMap<string, ComponentHealth>
}

export interface Unfinished {
  /** In UTC: `2026-11-28T09:30:00Z`. */
  readonly at: string
  /** `ana@laptop` */
  readonly operator: string
  /** `up`, `scale app 2` */
  readonly command: string
  /** The same on all servers. */
  readonly run: string
}

/** The answer of one server, or why there is none. */
export type Answer = Observation | Unreachable

/** By the name of the server. */
export type Answers = ReadonlyMap<string, Answer>

export interface Unreachable {
  readonly unreachable: string
  /** Present where the server is alive but refuses the login: not unreachable, but for the operator to fix. */
  readonly refused?: { readonly what: string; readonly next: string }
}

export const isObservation = (answer: Answer): answer is Observation => !('unreachable' in answer)

/** A server's report in a role, where one of its components has it and answered. */
export const reportOf = <R extends keyof Reports>(answer: Answer | undefined, role: R): Reports[R] | undefined =>
  answer === undefined || !isObservation(answer)
    ? undefined
    : [...answer.health.values()].map(({ reports }) => reports?.[role]).find((report) => report !== undefined)

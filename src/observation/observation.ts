import type { ComponentHealth, Reports } from '../components/component.ts'
import type { Manifest } from '../resources/manifest.ts'
import type { Kind } from '../resources/resource.ts'
import type { HostFacts } from '../stack/host-facts.ts'
import type { StackState } from '../stack/stack-state.ts'
import type { LockMark } from './lock-mark.ts'

/** What one server said about itself in one round trip. */
export interface Observation {
  readonly host: HostFacts
  /** What stands there of each kind that was asked for, by name. */
  readonly resources: ReadonlyMap<Kind, ReadonlyMap<string, unknown>>
  /** What Trimaran has placed there. */
  readonly manifest: Manifest
  /** Whether it listed something else beside that, which nobody placed: it is written anew. */
  readonly isManifestForged?: true
  /** Files that say how the units run that Trimaran places, besides Debian's: those that it placed, and others. */
  readonly unitFiles?: readonly string[]
  /** The stack that the server belongs to, where Trimaran placed one. */
  readonly stack?: string
  /** Tells which stack key its passwords derive from, where Trimaran placed any. */
  readonly keyFingerprint?: string
  /** Its copy of the stack state, where it has one that operators of this stack gave. */
  readonly stackState?: StackState
  /** Why the copy that it has is not believed: `is not signed`. */
  readonly refusedStackState?: string
  /** What it said and cannot be, in clauses that go on from its name; none of it is believed. */
  readonly doubts?: readonly string[]
  /** Of the operators' lock; absent while somebody held it. */
  readonly lockMark?: LockMark
  /** A change that began there and is not done: it is under way while somebody holds the lock, and else was cut off or failed. */
  readonly unfinished?: Unfinished
  /** What each component that belongs there says of itself. */
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

/** What is known of one server: what it said, or why it said nothing. */
export type Answer = Observation | Unreachable

/** By the name of the server. */
export type Answers = ReadonlyMap<string, Answer>

export interface Unreachable {
  readonly unreachable: string
  /** Present where the server lives and turns us away: not an unreachable server, but the operator's to fix. */
  readonly refused?: { readonly what: string; readonly next: string }
}

export const isObservation = (answer: Answer): answer is Observation => !('unreachable' in answer)

/** What a server says in a role, where one of its components has it and answered. */
export const reportOf = <R extends keyof Reports>(answer: Answer | undefined, role: R): Reports[R] | undefined =>
  answer === undefined || !isObservation(answer)
    ? undefined
    : [...answer.health.values()].map(({ reports }) => reports?.[role]).find((report) => report !== undefined)

import type { z } from 'zod'
import type { Shell } from '../shell/sh.ts'
import type { Resource, Step } from './resource.ts'

/** A resource whose change its component's units must be told of, with the fingerprint that is now desired. */
export interface Trigger {
  readonly path: string
  readonly fingerprint: string
  readonly onChange: 'reload' | 'restart'
  /** True where this very plan changes it on the server. */
  readonly changing: boolean
}

/** Why something is removed. */
export interface RemoveContext {
  /**
   * The servers that stay and go on with the component: pre-remove programs get their names. Absent where its whole
   * tier goes, or the whole stack: then no pre-remove program runs, since nobody is left to take over.
   */
  readonly staying?: readonly string[]
}

export interface CloseContext {
  /** All resources of the same component that have an `onChange`. Only units look at them. */
  readonly triggers: readonly Trigger[]
}

/** What a kind says of itself to those who plan, ask and show, so that none of them has to name it. */
export interface KindTraits<R extends Resource> {
  /**
   * Its place among the steps of a component: first all that is placed; then what runs, which is notified of what changed
   * among that; then what is confirmed of what runs, which is never rolled back.
   */
  readonly phase: 'place' | 'run' | 'confirm'
  /** Which of its steps nobody notices: those are done on all servers at once, before anything else. */
  readonly unnoticed?: 'all' | 'create'
  /** True where every release brings other ones: a deploy does not show them one by one. */
  readonly isOfRelease?: boolean
  /** True where one server does it for all of its tier, before any other of them begins. */
  readonly isForTier?: boolean
  /** True where several components may want the same one: these are gathered, and come before all else. */
  readonly isShared?: boolean
  /** True where a step may take minutes: its start is told, too. */
  readonly isSlow?: boolean
  /** The longest that a step may take, where that is longer than all of a server's change may take unless stated. */
  readonly deadlineSeconds?: number
  /** True where what stood there before Trimaran is kept, to be put back once it is removed. */
  readonly isKeptAside?: boolean
  /** True where its question is answered with neighbours of what was asked for, too. */
  readonly listsNeighbours?: boolean
  /** What several of them are called: `directories`. */
  readonly plural: string
  /** What a step acts on, in words: `/etc/hosts`; unless stated, the kind and the name: `user app`. */
  object?(name: string): string
  /** What a step does, where a plan's sign does not say it: `reload nginx.service`. */
  describe?(step: Pick<Step, 'name' | 'action'>): string
  /** What is said where a step fails; unless stated, `could not` and what it does. */
  describeFailure?(step: Pick<Step, 'name'>): string
  /** Several steps in a line, where they are not just counted; `isNew` on a server that was not set up before. */
  summarise?(steps: readonly Step[], isNew: boolean): string
  /** The systemd units that it has run. */
  unitsOf?(resource: R): readonly string[]
  /** Whether others may be placed below it: only root can write there. */
  isFirm?(resource: R): boolean
  /** A private key in it, which is never to be shown, not even a line of it. */
  privateKeyIn?(resource: R): string | undefined
}

/**
 * A kind of resource. All desired resources of a kind are asked for in one question, and its answer is read into one
 * fact for each resource that exists; a resource without a fact is absent.
 */
export interface ResourceKind<R extends Resource, Fact> extends KindTraits<R> {
  readonly kind: R['kind']
  /** Identity on a server: two resources with the same name are the same thing. */
  name(resource: R): string
  /** A question that never fails. `isThorough` where it may take its time: it looks at what nothing uses now, too. */
  ask(resources: readonly R[], isThorough?: boolean): Shell
  read(answer: string): ReadonlyMap<string, Fact>
  /** What a server may say of one: a fact that does not fit counts as not said (`observation/validate-facts.ts`). */
  readonly fact: z.ZodType<Fact>
  /** The steps that make the facts what is desired; none when they already are. */
  close(desired: readonly R[], facts: ReadonlyMap<string, Fact>, context: CloseContext): readonly Step[]
  /** Whether it runs now, for what can run. */
  runs?(fact: Fact): boolean
  /** False for what is on a server anyway: it stays when it is no longer declared. Everything else is recorded. */
  isPlaced?(resource: R): boolean
  /** Removes what Trimaran once placed under this name, harmless where it is gone; absent where nothing stays. */
  remove?(name: string, context: RemoveContext): Step
}

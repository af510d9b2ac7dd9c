import { hostname, userInfo } from 'node:os'
import type { Emit } from '../events/event.ts'
import type { Proposal } from './change/plan-stack.ts'

/** How a confirmed change is carried out. */
export interface Terms {
  /** Receives the events. */
  readonly emit: Emit
  /** The name shown to other operators and in audit trails; `user@computer` unless stated. */
  readonly name?: string
  /** True where nobody sees the plan: if the servers change before the apply, the new plan is applied. */
  readonly isUnwatched?: boolean
  /** How long to wait for another operator's lock, in seconds; 8 unless stated. */
  readonly waitSeconds?: number
  /** How long visitors may wait for what was just changed to reach them, in seconds; 15 unless stated. */
  readonly visitorSeconds?: number
  /**
   * Set to stop: what has begun is finished, and nothing new begins. The operation throws TRI-STOP-001; a deploy that is rolled
   * back throws TRI-DEPLOY-001, and a rolling operation TRI-ROLL-001.
   */
  readonly signal?: AbortSignal
}

/**
 * The caller of an operation, such as a person at a terminal, a dashboard or CI: receives the events, sees what is
 * proposed, and confirms it.
 *
 * @example
 * ```ts
 * const operator: Operator = { emit: (event) => void heard.push(event), confirm: () => true }
 * ```
 */
export interface Operator<Shown = Proposal, Asked = Shown> extends Terms {
  /** Gets the proposal before `confirm` is called; also where there is nothing to do. */
  readonly show?: (proposed: Shown) => void
  /** Whether to do it. Not called where there is nothing to do. */
  readonly confirm: (proposed: Asked) => boolean | Promise<boolean>
}

/** The operator's name for other operators and audit trails. */
export const nameOf = ({ name }: Pick<Terms, 'name'>): string => name ?? `${userInfo().username}@${hostname()}`

import { hostname, userInfo } from 'node:os'
import type { Emit } from '../events/event.ts'
import type { Proposal } from './change/plan-stack.ts'

/** How what was agreed on is carried out. */
export interface Terms {
  /** Hears what happens meanwhile. */
  readonly emit: Emit
  /** Who is named to other operators, and in the servers' audit trails; `user@computer` unless stated. */
  readonly name?: string
  /** True where nobody looks at a plan: should the servers change meanwhile, the new plan is as welcome. */
  readonly isUnwatched?: boolean
  /** How long to wait for another operator's lock, in seconds; 8 unless stated. */
  readonly waitSeconds?: number
  /** Given to stop: what has begun is finished, nothing new begins. */
  readonly signal?: AbortSignal
}

/**
 * Whoever asks for an operation, be it a person at a terminal, a dashboard or CI: hears what happens, sees what is proposed,
 * and says whether to go on.
 *
 * @example
 * ```ts
 * const operator: Operator = { emit: (event) => void heard.push(event), confirm: () => true }
 * ```
 */
export interface Operator<Shown = Proposal, Asked = Shown> extends Terms {
  /** Sees what is proposed, before it is asked for; also where that is nothing. */
  readonly show?: (proposed: Shown) => void
  /** Whether to do it. Not asked where there is nothing to do. */
  readonly confirm: (proposed: Asked) => boolean | Promise<boolean>
}

/** Who is named to other operators, and in audit trails. */
export const nameOf = ({ name }: Pick<Terms, 'name'>): string => name ?? `${userInfo().username}@${hostname()}`

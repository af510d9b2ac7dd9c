import type { Emit } from '../../events/event.ts'
import type { RollingOperation } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'

/** What is done to each server. */
export interface RollingTask {
  readonly verb: RollingOperation['verb']
  /** Which of the servers need it. Changes nothing that anybody notices. */
  readonly choose?: (session: Session, servers: readonly Server[], emit: Emit) => Promise<readonly Server[]>
  /** The work on a server once it is drained. */
  readonly perform: (server: Server, session: Session, emit: Emit) => Promise<void>
}

export interface RollingWish {
  /** Servers, tiers, or `all`; none to go on with what was cut off. */
  readonly servers: readonly string[]
  /** Even if visitors will notice. */
  readonly anyway?: boolean
}

/** What an operator is asked before the first server's step. */
export interface RollingProposal {
  readonly verb: RollingOperation['verb']
  /** Their names, in the order of their steps. */
  readonly servers: readonly string[]
  /** Those of them that were drained before, and stay drained. */
  readonly drainedBefore: readonly string[]
}

export interface Rolled {
  readonly outcome: 'nothing' | 'applied' | 'declined'
  readonly servers: readonly string[]
}

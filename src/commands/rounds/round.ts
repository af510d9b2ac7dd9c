import type { RollingOperation } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import type { Output } from '../../ui/output.ts'
import type { ChangeFlags } from '../flags.ts'
import type { Session } from '../../operations/session/session.ts'

export interface RoundFlags extends ChangeFlags {
  readonly anyway: boolean
}

/** A verb that works on one server after the other. */
export interface RoundVerb {
  readonly verb: RollingOperation['verb']
  /** As in “Restart web-1, then web-2?” */
  readonly deed: string
  /** As in “9 servers were restarted”. */
  readonly done: string
  /** Which of the servers need it at all; says why. Changes nothing that anybody notices. */
  readonly choose?: (session: Session, servers: readonly Server[], output: Output) => Promise<readonly Server[]>
  /** What is done to a server once it is free. */
  readonly work: (turn: Turn) => Promise<void>
}

export interface Turn {
  readonly session: Session
  readonly server: Server
  readonly phase: Phase
}

/** Does one part of a step, and prints a line when it is over: what was done, and how long it took. */
export type Phase = <T>(doing: string, work: () => Promise<T>, done: (result: T) => string) => Promise<T>

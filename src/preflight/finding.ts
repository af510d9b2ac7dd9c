import type { HostFacts } from '../stack/host-facts.ts'

export type ServerReport = { readonly server: string; readonly reachable: false; readonly why: string } | ReachedServer

/** What a server reported before anything is changed on it; findings are made from it. */
export interface ReachedServer extends HostFacts {
  readonly server: string
  readonly reachable: true
  /** Its clock minus the operator's; absent where it is unknown. */
  readonly clockOffsetSeconds?: number
  /** The stack that Trimaran placed there before. */
  readonly stack?: string
  /** Impossible answers, as clauses that follow its name. */
  readonly doubts?: readonly string[]
  /** Why its copy of the stack state is not used: `is not signed`. */
  readonly refusedStackState?: string
  /** True where its passwords derive from another stack key than the operator's. */
  readonly hasOtherKey?: boolean
  /** Files that change how units of Trimaran run, and that Trimaran did not place. */
  readonly foreignUnitFiles?: readonly string[]
  /** Folders that were unpacked from an archive and changed since, and the names of what was changed. */
  readonly changedTrees?: readonly { readonly path: string; readonly names: readonly string[] }[]
  /** The components that Trimaran placed there: their ports and files are no conflict. */
  readonly placed: readonly string[]
}

export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem'
  /** The server that it is about; absent where it is about the stack. */
  readonly server?: string
  /** What was found, without a full stop; with a server, it continues `web-1: `. */
  readonly what: string
  readonly why?: string
  /** What to do about it. */
  readonly next?: string
}

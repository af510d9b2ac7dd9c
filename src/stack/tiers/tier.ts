import type { Server, Stack } from '../stack.ts'

/** Everything about a tier as such. What its software does is in `components`. */
export interface Tier {
  /** `lb` in `lb-1`. */
  readonly hostPrefix: string
  /** The host number of its first server in a lab's /24; `.1` is the computer itself, `.10` the virtual address. */
  readonly labHost: number
  /** The fewest servers with which it survives the loss of any one of them. */
  readonly enough: number
  /**
   * True where the others of it depend on one of them: that one changes last, and rolling operations do such tiers
   * last.
   */
  readonly hasLeader: boolean
  /** Whether each server has an HAProxy: it passes requests to the next tier, or says which slot of the app is ready. */
  readonly routesOn: (stack: Pick<Stack, 'servers'>) => boolean
  /** The folder with data that grows on its servers: its disk is monitored. */
  readonly dataFolder: string
  /** `Load balancer tier`, in `explain`. */
  readonly title: string
  readonly purpose: (stack: Stack) => string
  /** What visitors notice when one of its servers dies, as after a power loss. */
  readonly whenOneDies: (stack: Stack) => string
  /** Whether it still does its work when only `left` is left of it. */
  readonly survives: (left: readonly Server[], stack: Stack) => boolean
  /** What visitors notice when it no longer does its work, in whole sentences. */
  readonly consequence: (lost: string, stack: Stack) => string
  /** The same in a clause, for a refusal: `visitors would get an error page`. */
  readonly loss: string
  /** What a server of it does once it is put back into service, in a clause. */
  readonly backInService: string
  /** What it does with a request, in a few words, beside its servers. */
  readonly note: (stack: Stack) => string
  readonly diagram: {
    /** `Load balancers`. */
    readonly title: string
    readonly subtitle: (stack: Stack) => string
    readonly light: Colours
    readonly dark: Colours
  }
}

/** The colours of a tier in the diagram. */
export interface Colours {
  /** Titles, arrows and edges. */
  readonly ink: string
  /** The band behind the servers. */
  readonly wash: string
  /** The band's edge, and what lies behind names of components. */
  readonly tint: string
}

/** For a tier that works as long as one of its servers is left. */
export const isSomeLeft = (left: readonly Server[]): boolean => left.length > 0

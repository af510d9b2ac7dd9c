import type { Benefit } from '../components/component.ts'
import type { Link, LinkEnd, TierName } from '../stack/stack.ts'
import type { OutsideLimit } from './limits-outside.ts'
import type { SinglePoint } from './single-points.ts'

/** What each part of one very stack is for. `explain --json` prints it as it is. */
export interface Explained {
  readonly stack: string
  /** How a request travels, from the visitors inwards. */
  readonly path: readonly PathStep[]
  readonly tiers: readonly ExplainedTier[]
  /** Components that every server of the stack has; they are not repeated in the tiers. */
  readonly everywhere: readonly ExplainedComponent[]
  /** Connections of every server with every other one. */
  readonly everywhereTalks: readonly Talk[]
  readonly singlePoints: readonly SinglePoint[]
  readonly outside: readonly OutsideLimit[]
}

export interface PathStep {
  /** Where the request is now: `visitors`, `web-1 or web-2`, `sidecar`. */
  readonly where: string
  /** What happens to it there. */
  readonly what: string
}

export interface ExplainedTier {
  readonly tier: TierName
  readonly servers: readonly { readonly name: string; readonly address: string }[]
  /** What the tier is for. */
  readonly purpose: string
  /** What visitors notice when one of its servers dies whole. */
  readonly whenOneDies: string
  readonly components: readonly ExplainedComponent[]
  readonly talks: readonly Talk[]
}

/** One component of a tier. Each text is told once, with the servers that it is true of. */
export interface ExplainedComponent {
  readonly name: string
  readonly servers: readonly string[]
  readonly what: readonly Told[]
  readonly why: readonly Told[]
  readonly brings: readonly (Told & { readonly benefit: Benefit })[]
  readonly whenItDies: readonly Told[]
}

export interface Told {
  readonly servers: readonly string[]
  readonly text: string
}

/** A connection of a tier: which it opens, accepts, or holds among its own servers. */
export interface Talk {
  readonly direction: 'opens' | 'accepts' | 'among'
  /** Which servers of the tier do so. */
  readonly servers: readonly string[]
  readonly with: LinkEnd
  /** The servers at the other end, where they are not all of that tier. */
  readonly withOnly?: readonly string[]
  /** The addresses and networks at the other end, where that is outside the stack and not all of it. */
  readonly addresses?: readonly string[]
  /** The users of the server who may open it, where not all of them may. */
  readonly users?: readonly string[]
  /** The component that accepts it or, where it leads out of the stack, opens it. */
  readonly component: string
  readonly protocol: Link['protocol']
  /** Only TCP and UDP have ports. */
  readonly ports: readonly number[]
  readonly why: string
}

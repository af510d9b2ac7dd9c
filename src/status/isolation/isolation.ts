/** What became of a connection that was tried. */
export type Seen = 'open' | 'refused' | 'silent'

/** One connection between two servers, or from outside, that is not as the links say. */
export interface WrongConnection {
  /** The server that tried it; absent for this computer. */
  readonly from?: string
  readonly user?: string
  readonly to: string
  readonly address: string
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  /** `open` where no link allows it; `closed` where a link does, and something listens there. */
  readonly is: 'open' | 'closed'
}

/** What was found of a stack's isolation. */
export interface IsolationReport {
  /** True where all that was tried is as the links say, and every server was asked. */
  readonly isSound: boolean
  /** Connections that were tried. */
  readonly tried: number
  /** Allowed by a link, and open. */
  readonly allowed: number
  /** Allowed by no link, and refused. */
  readonly refused: number
  /** Allowed by a link, and refused: nothing listens there now, or what opens it closes it for the time being. */
  readonly idle: number
  readonly wrong: readonly WrongConnection[]
  /** Servers whose rules in the kernel are not those of their links. */
  readonly changedRules: readonly string[]
  /** Servers that could not be asked, and why. */
  readonly unasked: readonly { readonly server: string; readonly why: string }[]
  /** Whether this computer reached the servers' addresses, and so looked as somebody outside. */
  readonly isOutsideSeen: boolean
  readonly milliseconds: number
}

import type { HeldAddress } from '../components/component.ts'

/** What a server said before anything was placed on it; the findings are drawn from it. */
export interface ServerState {
  /** `debian`, `13`, and the name it gives itself: `Debian GNU/Linux 13 (trixie)`. */
  readonly os: { readonly id: string; readonly version: string; readonly name?: string }
  /** As Debian calls it: `amd64`, `arm64`. */
  readonly architecture: string
  readonly cores: number
  readonly memoryBytes: number
  readonly diskFreeBytes: number
  /** Its clock minus the operator's; absent where it could not be told. */
  readonly clockOffsetSeconds?: number
  readonly ports: readonly { readonly port: number; readonly process: string; readonly unit?: string }[]
  /** The interface that holds the server's private address. */
  readonly networkInterface: string
  readonly addresses: readonly HeldAddress[]
  /** The kind of container that it is, as `systemd-detect-virt --container` says; absent for a machine. */
  readonly container?: string
  /** The stack that Trimaran placed there before. */
  readonly stack?: string
  /** Why its copy of the standing orders is not believed: `is not signed`. */
  readonly refusedOrders?: string
  /** True where its passwords derive from another stack key than the operator's. */
  readonly hasOtherKey?: boolean
  /** Which machines answered at the virtual address and at those of the balancers, as this server sees it. */
  readonly neighbours?: readonly { readonly address: string; readonly hardwareAddress: string }[]
  /** The components that Trimaran placed there: what they hold is theirs. */
  readonly placed: readonly string[]
}

export type ServerReport =
  | { readonly server: string; readonly reachable: false; readonly why: string }
  | ({ readonly server: string; readonly reachable: true } & ServerState)

export type ReachedServer = Extract<ServerReport, { readonly reachable: true }>

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

import type { Shell } from '../shell/sh.ts'
import type { Server, Stack, TierName } from '../stack/stack.ts'
import type { ServerContext } from './server-context.ts'

/**
 * What a component can do beyond being there. Each role is optional. The rest of the code asks components only for
 * roles, never for their name or files.
 */
export interface Roles {
  readonly leads: Leads
  readonly pausesCalls: PausesCalls
  readonly preRemoves: PreRemoves
  readonly routes: Routes
  readonly drains: Drains
  readonly holdsReleases: HoldsReleases
  readonly runsApp: RunsApp
  readonly givesAppVariables: GivesAppVariables
  readonly guards: Guards
}

/**
 * One server of the tier leads with this unit, and can hand over. Contract: `health` says `leads` on that server alone;
 * a program stands at `handOverPath(unit)` on each server of the tier. Called with names of servers, it ends with 0
 * once one of them leads, and at once where this one does not lead; with `--prepare` it does what can be done before,
 * and is noticed by nobody.
 */
export interface Leads {
  readonly tier: TierName
  readonly unit: string
  /** A program there that measures how long callers wait during a hand-over: see `engine/measure-writes.ts`. */
  readonly measure?: string
}

/**
 * Pauses what its server asks of a tier while another server of that tier takes the lead. Contract: a program stands at
 * `pausePath(tier)`; `pause` begins, `resume` ends it and prints `paused MILLISECONDS`, `cancel` ends it where nothing
 * was moved; the pause ends after a time limit.
 */
export interface PausesCalls {
  readonly tier: TierName
}

/**
 * Has work to do before it is removed for good, such as leaving a cluster. Contract: a program stands at
 * `preRemovePath(unit)`, and is run with the names of the servers that stay, before the unit is stopped for good; such
 * servers leave one by one.
 */
export interface PreRemoves {
  readonly unit: string
}

/** Chooses among the servers that its own server calls, and can watch until one of them is out of use or back. */
export interface Routes {
  /**
   * Run on the calling server: prints the state of `called` there whenever it changes. Ends once nothing goes there any
   * more and nothing is open (`gone`), or once something goes there again (`back`); after `seconds` in any case.
   */
  watch(called: string, wish: 'gone' | 'back', seconds: number): Shell
  /** Reads one line of that; `undefined` for any other line. */
  read(line: string): Seen | undefined
}

export interface Seen {
  /** True while requests are sent there. */
  readonly isUsed: boolean
  /** Requests and connections that are open there now. */
  readonly open: number
  /** How many others can be used in its place. */
  readonly others: number
}

/** Goes on with open work after it was drained. */
export interface Drains {
  /**
   * Asks the server for its open work: prints `left N` for each N still open, and `cut N` for those that were cut off.
   */
  askInFlight(server: Server, stack: Stack): Shell
}

/** Has one of the two archives of each release unpacked at `releases/NAME` in a folder, and `current` lead to the one in use. */
export interface HoldsReleases {
  readonly tier: TierName
  readonly folder: string
  readonly archive: 'app' | 'static'
}

/** Runs the user's program. */
export interface RunsApp {
  /** The `slots` resource in which it runs. */
  readonly slots: string
  /** The link that leads to the release in one of them. */
  slotFolder(slot: string): string
  /** Runs the command in a file, which stays until it has ended, as the app would, in the release that is current on the server. */
  runInRelease(file: string): Shell
  /** Whether a path is that of a language runtime that Trimaran installs. */
  isRuntime(path: string): boolean
}

/** Refuses what no link names. */
export interface Guards {
  /** Succeeds while its rules in the kernel are exactly those of the links, and where that cannot be told. Ends within two seconds. */
  readonly holds: Shell
}

/** Is reached by the app through variables of its environment. */
export interface GivesAppVariables {
  /** For the app on one server. A component that comes later in the list of all wins. */
  variablesFor(context: ServerContext): AppVariables
}

export interface AppVariables {
  readonly values: Readonly<Record<string, string>>
  /** What they lead to, for readers of the file; a whole sentence on one line. */
  readonly comment?: string
}

/** The meaning of a component's figures for the rest of the code: each report is a role, too. */
export interface Reports {
  readonly database: DatabaseReport
  readonly etcdMember: EtcdMemberReport
  readonly routing: RoutingReport
  readonly release: ReleaseReport
  readonly addressMoves: AddressMovesReport
}

/** One copy of the database, as it sees itself. */
export interface DatabaseReport {
  readonly isPrimary: boolean
  /** PostgreSQL's state, in Patroni's words. */
  readonly state?: string | undefined
  readonly timeline?: number | undefined
  readonly lagBytes?: number | undefined
  /** True while an operator has paused failover. */
  readonly isPaused: boolean
  /** How the primary sees its replicas; empty on a replica. */
  readonly replicas: readonly ReplicaReport[]
  /** The transaction that has been open longest. */
  readonly longest?: OpenTransaction | undefined
}

export interface ReplicaReport {
  readonly name: string
  readonly state: string
  /** `quorum` and `sync` confirm writes, `async` does not. */
  readonly syncState: string
  readonly lagBytes: number | null
  readonly lagSeconds: number | null
}

export interface OpenTransaction {
  readonly pid: number
  readonly user: string
  readonly seconds: number
  readonly query: string
}

/** One member of etcd, by whose majority the database's leader is chosen. */
export interface EtcdMemberReport {
  readonly isLeader: boolean
  readonly hasLeader: boolean
  /** False where it has no connection to a majority. */
  readonly serves: boolean
}

/** How a server sees those that it calls. */
export interface RoutingReport {
  readonly requestsPerSecond: number
  readonly backends: readonly {
    readonly name: string
    readonly servers: readonly { readonly name: string; readonly state: string; readonly note?: string | undefined }[]
  }[]
}

/** The release that serves there; empty where none does. */
export interface ReleaseReport {
  readonly serves: string
}

/** How often the address of the site came to a balancer in the last five minutes. */
export interface AddressMovesReport {
  readonly count: number
}

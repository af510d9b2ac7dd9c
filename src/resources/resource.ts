import type { Shell } from '../shell/sh.ts'

/** A Debian package by name. */
export interface Package {
  readonly kind: 'package'
  readonly name: string
  /** The oldest version that is accepted, compared as Debian does. */
  readonly atLeast?: string
}

/** A system user, with a group of the same name. */
export interface User {
  readonly kind: 'user'
  readonly name: string
  readonly home: string
}

export interface Directory {
  readonly kind: 'directory'
  readonly path: string
  readonly owner: string
  readonly group: string
  /** Octal, as in `0750`. */
  readonly mode: string
}

export interface File {
  readonly kind: 'file'
  readonly path: string
  readonly content: string
  readonly owner: string
  readonly group: string
  readonly mode: string
  /** Its content is never shown. */
  readonly secret?: boolean
  /** The daemon's own checker; the shell variable `$file` holds the path of the staged copy. */
  readonly check?: Shell
  /** What a change of it asks of the component's units. */
  readonly onChange?: 'reload' | 'restart'
}

export interface Symlink {
  readonly kind: 'symlink'
  readonly path: string
  readonly target: string
  /** True where it is only made if there is none: what uses it has it lead elsewhere from then on. */
  readonly isInitial?: boolean
  /** True where it may lead to a release before anything else is changed for that release. */
  readonly isAhead?: boolean
  readonly onChange?: 'reload' | 'restart'
}

/** A folder whose whole content comes from one archive, unpacked once. Its path names its version; it never changes. */
export interface Tree {
  readonly kind: 'tree'
  readonly path: string
  /** Names the archive; the engine is told where on the operator's side it lies. */
  readonly payload: string
  readonly owner: string
  /** True where it stays if it is there, and is not missed if it is not: an older release. */
  readonly optional?: boolean
  /** True where the component's units run what is in it: they restart once it was repaired. */
  readonly isRun?: boolean
  /**
   * What may put a tree of this folder to use, of those beside it, too. One that nothing uses is looked at when it is about to
   * be used, and not with every question. Absent where it may be used at any time.
   */
  readonly uses?: readonly TreeUse[]
}

/** A link through which a tree is used while it leads there. */
export interface TreeUse {
  readonly link: string
  /** Only while this unit is active. */
  readonly unit?: string
}

/** A kernel setting's live value. Where a server does not let it be set (containers), it is left as it is. */
export interface KernelSetting {
  readonly kind: 'kernel-setting'
  /** As in `net.ipv4.ip_nonlocal_bind`. */
  readonly name: string
  readonly value: string
}

export interface Unit {
  readonly kind: 'unit'
  /** With its suffix: `haproxy.service`. */
  readonly name: string
  readonly state: 'running' | 'masked'
  /** A command that succeeds once the unit really serves; asked again until `deadlineSeconds` have passed. */
  readonly probe?: Shell
  /** True where nobody but the operator would notice that it restarts: it serves no request. */
  readonly unnoticed?: boolean
  /** True where it was there before Trimaran, and goes on when its files are taken away. */
  readonly stays?: boolean
  /** Why it is masked. */
  readonly reason?: string
  /** How long a start or reload may take until the probe succeeds; 30 unless stated. */
  readonly deadlineSeconds?: number
  /** Who is asked after a start or reload whether all is well; where it is not, the component is rolled back. */
  readonly look?: Look
}

/**
 * Something that must be true of what runs on a server, and that a command makes true: a database exists, a setting is
 * in use. Made after the units of the same component run. It is never rolled back, and nothing is done when it is no
 * longer declared.
 */
export interface Condition {
  readonly kind: 'condition'
  /** What the command acts on, in a few words: `PostgreSQL`, `databases`. */
  readonly name: string
  readonly action: 'create' | 'change' | 'restart' | 'remove'
  /** Lines `name=value`, remembered once they were made true; where they differ, it is made true again. */
  readonly wanted?: string
  /**
   * Names in `wanted` whose value may fall only on the server that leads first, and then on those that follow it; all else
   * is made true on the server that leads last.
   */
  readonly lowerOnLeaderFirst?: readonly string[]
  /**
   * Succeeds while it is true, and where that cannot be told; ends with `leaderFirstCode` where something has yet to fall.
   * Ends within two seconds. What it prints where it fails, a few plain words, is said in the plan; so it is nothing secret.
   */
  readonly holds: Shell
  /**
   * Makes it true; harmless when run again, and never left by `exit 0`, or what was wanted is not remembered. The variable `$first` is
   * `yes` where it is made for the first time.
   */
  readonly make: Shell
  /** What `make` disturbs where this was made true before; the first time, on a server that is new, nothing. */
  readonly disturbs: Disturbance
  /** Said in the plan when `holds` fails. */
  readonly reason: string
  /**
   * `last`: made when everything else has succeeded on all servers, since what has not been changed yet could not live with
   * it; but for the first time, when there is nothing yet.
   */
  readonly phase?: 'last'
}

/**
 * A service that runs in one of two slots and switches to the other one to change: the new version starts beside the
 * old one, takes over once it answers, and the old one finishes its work and ends. So one of them always serves.
 */
export interface Slots {
  readonly kind: 'slots'
  /** What runs there: `app`. */
  readonly name: string
  readonly slots: readonly [Slot, Slot]
  /** How long the service may take to come up; in seconds. */
  readonly deadlineSeconds: number
  /** True where it is to run in neither slot, because the server is drained: what runs finishes its work and ends. */
  readonly isAside?: boolean
}

/** One of the two slots. Its pieces of shell run as root on the server. */
export interface Slot {
  /** `blue`, `green`. */
  readonly name: string
  /** The systemd target that starts and stops all of it. */
  readonly target: string
  /** The units that the target starts. */
  readonly units: readonly string[]
  /** Those that `enter` starts, and that the target starts from then on with the server: what runs at times. */
  readonly timers: readonly string[]
  /** Puts in place what is to run there. */
  readonly furnish: Shell
  /** Succeeds once it really serves. */
  readonly probe: Shell
  /** Ends when those who call it send requests there. */
  readonly enter: Shell
  /** Ends when those who call it send no more requests there; what it still works on goes on. */
  readonly leave: Shell
  /** The same without waiting until they know of it. */
  readonly shut: Shell
  /** Prints what it answers now, for an operator who wants to know why it is not well. */
  readonly answer: Shell
  /** Asks its callers whether they use it and are answered; absent where nobody calls it. */
  readonly look?: LookOfServers
  /** Prints why it is not reached, in words, each followed by a line with the next step; nothing where nothing is known. */
  readonly why: Shell
  /** Prints, once it serves, what will keep the next release from starting beside it. */
  readonly warn: Shell
  /** A pattern of log lines about health checks. */
  readonly asked: string
  /** The unit that waits for what it still works on, and then stops the target. */
  readonly retirement: string
}

/** A command that is run once for each version of something, before what runs there is told of that version. */
export interface Command {
  readonly kind: 'command'
  /** What it is for the operator: `release command`. */
  readonly name: string
  /** Once it has succeeded for a version, it is not run for that version again. */
  readonly version: string
  /** The command as the user wrote it. */
  readonly words: string
  readonly run: Shell
}

export type Resource =
  | Package
  | User
  | Directory
  | File
  | Symlink
  | Tree
  | KernelSetting
  | Unit
  | Slots
  | Command
  | Condition
export type Kind = Resource['kind']

/** How much a step disturbs what the server serves. */
export type Disturbance = 'nothing' | 'reload' | 'restart'

/** What others are asked before a server gives up what it had before. */
export type Look = LookOfServers | LookOfOperator

/**
 * What those who call a server are asked. `ask` runs as root on each of them, and prints
 * one line: `yes`; `no` and why; or `absent` and why, where it cannot judge, since it would not be served anyway.
 */
export interface LookOfServers {
  /** Names of servers. */
  readonly callers: readonly string[]
  readonly ask: Shell
  /** Prints, on the server itself, what may be the cause where a caller objects. */
  readonly why?: Shell
}

/** Whether this computer can open another connection to the server. */
export interface LookOfOperator {
  readonly callers: 'operator'
  readonly why?: Shell
}

/** One exact act on one server. Its pieces of shell run as root, in a script of their own phase. */
export interface Step {
  readonly kind: Kind
  /** What it acts on: a path, a package, a unit. */
  readonly name: string
  readonly action:
    | 'install'
    | 'create'
    | 'change'
    | 'remove'
    | 'start'
    | 'reload'
    | 'restart'
    | 'check'
    | 'stop'
    | 'hand over'
    | 'pause'
    | 'resume'
    | 'switch slot'
    | 'run'
  /** Why, in a few words. */
  readonly reason: string
  /** Shown in the plan, unless the file is secret. */
  readonly diff?: { readonly before: string; readonly after: string }
  readonly disturbs: Disturbance
  /** True where the server that leads its tier must take it first, and stay in the lead. */
  readonly leaderFirst?: boolean
  /** True where it starts, reloads or restarts something that requests pass through. */
  readonly serves?: boolean
  /** True where one server tries it before others do the same, unless it runs on another one already. */
  readonly isTrial?: boolean
  /** Runs before any step of the same component changes anything; a failure leaves the server as it was. */
  readonly prepare?: Shell
  /** Waits until `apply` can begin. Each line that it prints is told at once; if it fails, the step did. */
  readonly await?: Shell
  readonly apply: Shell
  /** Runs after `apply`, once a caller has said that it is served; without `look` at once. */
  readonly conclude?: Shell
  /** What callers are asked between `apply` and `conclude`; where one objects, the step failed. */
  readonly look?: Look
  /** Rolls `apply` back; the roll backs of a component run in reverse order. */
  readonly rollBack?: Shell
  /** Runs after all roll backs of the component, such as a reload with the old file. */
  readonly settle?: Shell
  /**
   * `ahead`: before anything that serves is changed, on all servers at once. `last`: when everything else has succeeded on
   * all servers, since it cannot be rolled back.
   */
  readonly phase?: 'ahead' | 'last'
  /** The archive that must lie in the server's inbox before `apply`. */
  readonly payload?: string
  /** The Debian packages that it installs. */
  readonly packages?: readonly string[]
}

import type { ReleaseDigests } from './release-digests.ts'

/**
 * The stack state: what operators told the stack beyond the file, and what must outlive them, their connection and the
 * reboot of any server. Every server holds a copy; the copy with the highest number is what counts, and a server that
 * was unreachable when it changed gets it with the next `up`.
 */
export interface StackState {
  /** Counts up with every change. */
  readonly number: number
  /** The release that app and web servers run. */
  readonly release: string
  /** Releases that stay on the servers, the newest first, the current one among them: rolling back needs no build. */
  readonly kept: readonly string[]
  /** By release, what it is when it is handed on; absent for those that were placed before the stack state told it. */
  readonly digests?: Readonly<Record<string, ReleaseDigests>>
  /** Those of them whose deploy was cut off, so that they never served alone: going back leads to none of them. */
  readonly unfinished?: readonly string[]
  /** The app server that runs the release command for this release, once; absent where there is none to run. */
  readonly commandOn?: string
  /** Names of servers that were taken out of service on purpose. */
  readonly drained: readonly string[]
  /** Who drained them, and when; absent for those that were drained before the stack state told it. */
  readonly drains?: Readonly<Record<string, Drain>>
  /**
   * Servers that did not answer when they were drained, or when others were given another release. Were they to come back
   * so their neighbours exclude them.
   */
  readonly excluded?: readonly string[]
  /** Present while visitors see the maintenance page. */
  readonly maintenance?: Maintenance
  /** Present while servers are rebooted or upgraded one after the other; a command that was cut off goes on from here. */
  readonly rolling?: RollingOperation
}

export interface Drain {
  /** `ana@laptop` */
  readonly by: string
  /** In UTC: `2026-11-28T09:30:00.000Z`. */
  readonly at: string
}

export interface Maintenance {
  /** Addresses and networks that see the site all the same: `203.0.113.7`, `10.0.0.0/8`. */
  readonly allow: readonly string[]
}

export interface RollingOperation {
  readonly verb: 'reboot' | 'upgrade'
  /** Servers in rolling order. */
  readonly servers: readonly string[]
  /** Those that are done. */
  readonly done: readonly string[]
  /** Those that operators had drained before: they stay so. */
  readonly aside: readonly string[]
}

/** The state of a stack of which nobody has decided anything yet. */
export const firstStackState = (release: string): StackState => ({ number: 1, release, kept: [release], drained: [] })

/** So many releases stay on the servers; of large ones fewer, but always the one that runs and the one before it. */
const releasesKept = 5
const mostBytesKept = 6 * 1024 ** 3
const keptInAnyCase = 2

interface ReleaseOrder {
  readonly commandOn?: string
  /** Whether the deploy of what stands now was cut off, and not gone on with. */
  readonly wasCutOff?: boolean
  /** True where what stands now never served anybody: it does not stay, and nobody goes back to it. */
  readonly neverServed?: boolean
}

/** The stack state for another release. What ran so far stays on the servers, and so do the newest of those before it. */
export function changeRelease(
  current: StackState,
  release: string,
  { commandOn, wasCutOff = false, neverServed = false }: ReleaseOrder = {},
): StackState {
  const { commandOn: _, unfinished: named = [], digests: known, ...rest } = current
  const before = current.kept.filter((one) => one !== release && one !== current.release)
  const newest = [release, ...(neverServed ? [] : [current.release]), ...before.toSorted((a, b) => b.localeCompare(a))]
    .slice(0, releasesKept)
    .filter(withinBytes(current))
  const kept = [...new Set(newest)].toSorted((a, b) => b.localeCompare(a))
  const unfinished = [...named, ...(wasCutOff ? [current.release] : [])].filter(
    (one) => one !== release && kept.includes(one),
  )
  return {
    ...changeStackState(rest, { release, kept }),
    ...(known && { digests: Object.fromEntries(Object.entries(known).filter(([one]) => kept.includes(one))) }),
    ...(unfinished.length > 0 && { unfinished }),
    ...(commandOn !== undefined && { commandOn }),
  }
}

/** Counts the room that releases take, in their order. Of one that is not built yet, as much as the one that runs. */
function withinBytes({ release: current, digests = {} }: Pick<StackState, 'release' | 'digests'>) {
  let sum = 0
  return (release: string, index: number): boolean => {
    sum += (digests[release] ?? digests[current])?.bytes ?? 0
    return index < keptInAnyCase || sum <= mostBytesKept
  }
}

/** The same state, with what its release is. */
export const withDigests = (stackState: StackState, digests: ReleaseDigests): StackState => ({
  ...stackState,
  digests: { ...stackState.digests, [stackState.release]: digests },
})

/** The stack state under which a server has all that it can have under any. */
export const fullStackState = (server: string): StackState => ({
  ...firstStackState('unknown'),
  kept: Array.from({ length: releasesKept }, (_, index) => (index === 0 ? 'unknown' : `unknown-${index}`)),
  commandOn: server,
  // A drained server has all that another has, and more.
  drained: [server],
})

/** The same state but for what `change` says, with the next number. */
export const changeStackState = (stackState: StackState, change: Partial<Omit<StackState, 'number'>>): StackState => ({
  ...stackState,
  ...change,
  number: stackState.number + 1,
})

/** What of the stack state says who serves. */
export type Drained = Pick<StackState, 'drained'>

export const isDrained = ({ drained }: Drained, server: string): boolean => drained.includes(server)

/** The same state, with these servers drained; who has drained them is forgotten with those that are not. */
export function withDrained(
  { drains = {}, ...stackState }: StackState,
  names: readonly string[],
  more: Readonly<Record<string, Drain>> = {},
): StackState {
  const drained = names.toSorted()
  const known = Object.entries({ ...drains, ...more }).filter(([name]) => drained.includes(name))
  return { ...stackState, drained, ...(known.length > 0 && { drains: Object.fromEntries(known) }) }
}

/** The same state, with these servers excluded. */
export function withExcluded({ excluded: _, ...stackState }: StackState, names: readonly string[]): StackState {
  const excluded = [...new Set(names)].toSorted()
  return { ...stackState, ...(excluded.length > 0 && { excluded }) }
}

/** `told` with the plan for this stack state; `unreachable`; or no longer in the stack. */
export type Presence = (server: string) => 'told' | 'unreachable' | 'gone'

/**
 * The state without what is over: of servers that are no more nothing is kept, so that another one of that name is told
 * nothing of it; and who is told now will know. `excludedThere` are those that their neighbours exclude as it is: who is unreachable
 * stays so, for a plan that was to tell it may have been cut off half way.
 */
export function settleStackState(
  stackState: StackState,
  presence: Presence,
  excludedThere: readonly string[] = [],
): StackState {
  const { drained: named, excluded: before = [] } = stackState
  const drained = named.filter((name) => presence(name) !== 'gone')
  const excluded = [...new Set([...before, ...excludedThere])]
    .filter((name) => presence(name) === 'unreachable')
    .toSorted()
  if (drained.length === named.length && excluded.join(' ') === before.join(' ')) return stackState
  return changeStackState(withDrained(withExcluded(stackState, excluded), drained), {})
}

/** The state that counts among the copies that were found; `undefined` where there is none. */
export const newestStackState = (copies: readonly (StackState | undefined)[]): StackState | undefined =>
  copies.reduce((newest, one) => (one !== undefined && one.number > (newest?.number ?? 0) ? one : newest), undefined)

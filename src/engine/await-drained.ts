import { setTimeout as sleep } from 'node:timers/promises'
import { type Component, having, type Seen } from '../components/component.ts'
import { TrimaranError } from '../errors/failure.ts'
import { lines, sh } from '../shell/sh.ts'
import type { Server, Stack } from '../stack/stack.ts'
import { tiers } from '../stack/tiers.ts'
import type { Connection } from '../transport/transport.ts'

export interface WatchOptions {
  readonly stack: Stack
  readonly components: readonly Component[]
  readonly connect: (server: Server) => Promise<Connection>
  readonly seconds: number
  /** Called whenever the number of open requests and connections changes. */
  readonly onOpen?: (open: number) => void
  /** True where it may be the last one that serves. */
  readonly mayBeLast?: boolean
  readonly signal?: AbortSignal
}

export interface Freed {
  /** How many requests and connections are still open. */
  readonly left: number
  /** How many were cut off. */
  readonly cut: number
  /** Callers that answered, and still had something open there. */
  readonly callers: readonly string[]
}

/**
 * Waits until callers send nothing to a drained server and its open work is done, or until the time is up.
 * @returns `missed` once no caller has another server to use: the others were lost in the meantime.
 */
export async function awaitDrained(server: Server, options: WatchOptions): Promise<Freed | 'missed'> {
  const over = new AbortController()
  const others = new Map<string, number>()
  const freed = settle(server, { ...options, signal: over.signal }, (caller, seen) => others.set(caller, seen.others))
  if (!isSpread(server) || options.mayBeLast === true) return await freed
  try {
    const outcome = await Promise.race([freed, lossOfOthers(others, over.signal)])
    return nobodyLeft(others) ? 'missed' : outcome
  } finally {
    over.abort()
  }
}

const nobodyLeft = (others: ReadonlyMap<string, number>): boolean =>
  others.size > 0 && [...others.values()].every((count) => count === 0)

/** Checks of a database show who leads, not who could lead. And nothing in the stack calls balancers. */
const isSpread = ({ tier }: Server): boolean => !tiers[tier].hasLeader

/** Resolves when all callers that have answered have seen no other server for a second. */
async function lossOfOthers(others: ReadonlyMap<string, number>, signal: AbortSignal): Promise<'missed'> {
  let since: number | undefined
  while (!signal.aborted) {
    since = nobodyLeft(others) ? (since ?? performance.now()) : undefined
    if (since !== undefined && performance.now() - since >= 1000) return 'missed'
    await sleep(100, undefined, { ref: false })
  }
  return await new Promise(() => {})
}

async function settle(
  server: Server,
  options: WatchOptions,
  onSeen: (caller: string, seen: Seen) => void,
): Promise<Freed> {
  const open = new Map<string, number>()
  const emit = (who: string, count: number): void => {
    open.set(who, count)
    // A request is counted by the caller and by the server itself.
    const ofCallers = [...open].filter(([name]) => name !== server.name).reduce((sum, [, one]) => sum + one, 0)
    options.onOpen?.(Math.max(open.get(server.name) ?? 0, ofCallers))
  }
  const callers = callersOf(server, options.stack)
  const [own, ...seen] = await Promise.all([
    askInFlight(server, options, (left) => emit(server.name, left)),
    ...callers.map((caller) =>
      watch(caller, server, 'gone', options, (seen) => {
        emit(caller.name, seen.open)
        onSeen(caller.name, seen)
      }),
    ),
  ])
  const ofCallers = seen.reduce((sum, one) => sum + (one?.open ?? 0), 0)
  return {
    left: Math.max(own.left, ofCallers),
    cut: own.cut,
    callers: callers.filter((_, position) => seen[position]?.isUsed === true).map(({ name }) => name),
  }
}

/** Waits until all callers of a server send requests there again. Returns the names of those that do not. */
export async function awaitUse(server: Server, options: WatchOptions): Promise<readonly string[]> {
  const callers = callersOf(server, options.stack)
  const seen = await Promise.all(callers.map((caller) => watch(caller, server, 'back', options, () => {})))
  return callers.filter((_, position) => seen[position]?.isUsed === false).map(({ name }) => name)
}

/** The callers that choose among the servers of this tier. */
const callersOf = ({ tier }: Server, { servers, links }: Stack): readonly Server[] =>
  servers.filter((other) =>
    links.some(({ from, to, service }) => from === other.tier && to === tier && service !== undefined),
  )

/** An unreachable caller is not waited for. */
async function watch(
  caller: Server,
  server: Server,
  wish: 'gone' | 'back',
  { stack, components, connect, seconds, signal }: WatchOptions,
  onSeen: (seen: Seen) => void,
): Promise<Seen | undefined> {
  const routes = having(components, 'routes').find(({ component }) => component.belongsOn(caller, stack))?.role
  if (routes === undefined) return undefined
  let last: Seen | undefined
  const onLine = (line: string): void => {
    last = routes.read(line) ?? last
    if (last !== undefined) onSeen(last)
  }
  await tolerate(async () => {
    const connection = await connect(caller)
    await connection.run(routes.watch(server.name, wish, seconds).text, {
      onLine,
      deadlineSeconds: seconds + 15,
      ...(signal && { signal }),
    })
  })
  return last
}

/** Asks the components of the server itself repeatedly, until no work is left. */
async function askInFlight(
  server: Server,
  { stack, components, connect, seconds, signal }: WatchOptions,
  onLeft: (left: number) => void,
): Promise<{ readonly left: number; readonly cut: number }> {
  const questions = having(components, 'drains')
    .filter(({ component }) => component.belongsOn(server, stack))
    .map(({ role }) => role.askInFlight(server, stack))
  let last = { left: 0, cut: 0 }
  if (questions.length === 0) return last
  const script = sh`
    ask() ( ${lines(questions)}
    )
    deadline=$((SECONDS + ${seconds}))
    while :; do
      said=$(ask 2>/dev/null | awk '{ sum[$1] += $2 } END { print sum["left"] + 0, sum["cut"] + 0 }')
      [ "$said" = "$before" ] || echo "in-flight $said"
      before=$said
      [ "\${said%% *}" != 0 ] && [ $SECONDS -lt $deadline ] || break
      sleep 0.3
    done
  `
  const onLine = (line: string): void => {
    const [, left, cut] = /^in-flight (\d+) (\d+)$/.exec(line) ?? []
    if (left === undefined) return
    last = { left: Number(left), cut: Number(cut) }
    onLeft(last.left)
  }
  await tolerate(async () => {
    const connection = await connect(server)
    await connection.run(script.text, { onLine, deadlineSeconds: seconds + 15, ...(signal && { signal }) })
  })
  return last
}

async function tolerate(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
  }
}

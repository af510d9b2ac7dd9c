import { stat } from 'node:fs/promises'
import { failure, TrimaranError } from '../errors/failure.ts'
import { type Plan, changesOf, type ServerChange, stepsOf } from '../plan/plan.ts'
import { stateFolder } from '../resources/state-folder.ts'
import { sh, type Shell } from '../shell/sh.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import { trimaran } from '../speech/suggested-command.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import type { Archive } from './gather-payloads.ts'

interface RoomOptions {
  readonly connect: (server: Server) => Promise<Connection>
  readonly archives: ReadonlyMap<string, Archive>
}

/** Kept free for other writes: logs, the database, packages. */
const spareBytes = 200 * 1024 ** 2
const spareNames = 1000

/**
 * Checks that every server has enough disk space for what a plan will unpack there, before anything is sent: a full
 * disk breaks more than the deploy.
 * @throws TRI-RELEASE-008
 */
export async function requireRoom(plan: Plan, options: RoomOptions): Promise<void> {
  const byServer = [...Map.groupBy(changesOf(plan), ({ server }) => server)]
  const short = await Promise.all(byServer.map(([server, changes]) => shortageOn(server, changes, options)))
  const told = short.flatMap((one) => one ?? [])
  if (told.length === 0) return
  throw failure('TRI-RELEASE-008', {
    what: `There is not enough room for the release on ${told.map(({ server }) => server).join(', ')}`,
    why: told.map(({ server, why }) => `${server}: ${why}`).join('\n'),
    state: 'no server was changed',
    next: `make room there; ${trimaran('releases')} lists what is kept`,
  })
}

async function shortageOn(
  server: Server,
  changes: readonly ServerChange[],
  { connect, archives }: RoomOptions,
): Promise<{ readonly server: string; readonly why: string } | undefined> {
  const trees = changes
    .flatMap(stepsOf)
    .flatMap(({ name, payload }) => (payload === undefined ? [] : [{ name, payload }]))
  if (trees.length === 0) return undefined
  const needed = await Promise.all(trees.map(({ payload }) => needOf(archives.get(payload)!)))
  const bytes = spareBytes + needed.reduce((sum, one) => sum + one.bytes, 0)
  const names = spareNames + needed.reduce((sum, one) => sum + one.names, 0)
  const free = await askFree(
    server,
    trees.map(({ name }) => name),
    connect,
  )
  if (free === undefined) return undefined
  const { name } = server
  if (free.bytes < bytes)
    return { server: name, why: `${formatBytes(bytes)} are needed, ${formatBytes(free.bytes)} are free` }
  if (free.names < names) return { server: name, why: `${names} inodes are needed, ${free.names} are free` }
  return undefined
}

/** The unpacked size of a language runtime is not known: about four times the archive's size is assumed. */
async function needOf({ path, contents }: Archive): Promise<{ readonly bytes: number; readonly names: number }> {
  const { size } = await stat(path)
  return contents === undefined
    ? { bytes: size * 5, names: 5000 }
    : { bytes: size + contents.bytes, names: contents.entries }
}

/** Undefined where a server does not say, or is lost meanwhile: then the apply finds out. */
async function askFree(server: Server, trees: readonly string[], connect: RoomOptions['connect']) {
  try {
    const connection = await connect(server)
    const { code, stdout } = await connection.run(freeFor([...trees, stateFolder]).text)
    const rows = stdout
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/).map(Number))
    if (code !== 0 || rows.some((row) => row.length !== 2 || !row.every(Number.isSafeInteger))) return undefined
    return { bytes: Math.min(...rows.map(([bytes]) => bytes!)), names: Math.min(...rows.map(([, names]) => names!)) }
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    return undefined
  }
}

/** A file system without a limit on the number of files prints `-`. */
const freeFor = (paths: readonly string[]): Shell => sh`
  for path in ${paths}; do
    while [ ! -d "$path" ]; do path=\${path%/*}; path=\${path:-/}; done
    df -B1 --output=avail,iavail "$path" | tail -n 1 | sed 's/-$/9007199254740991/'
  done
`

import { type ServerChange, stepsOf } from '../plan/plan.ts'
import { inboxFolder, inboxPath } from '../resources/state-folder.ts'
import { compareTrees, forgetParts, listOf } from '../resources/tree-parts.ts'
import { sh } from '../shell/sh.ts'
import type { Connection } from '../transport/transport.ts'
import type { Emit } from '../events/event.ts'
import type { Archive, ArchiveContents, FileNumbers } from './gather-payloads.ts'

export interface SendOptions {
  readonly archives: ReadonlyMap<string, Archive>
  readonly emit: Emit
  readonly signal?: AbortSignal
}

interface Sending {
  readonly server: string
  readonly connection: Connection
  /** The path of the tree that will be unpacked. */
  readonly tree: string
  readonly payload: string
}

/**
 * Sends the archives that a server will unpack: of a release only the files that no tree there has, where that saves
 * enough.
 */
export async function sendPayloads(change: ServerChange, connection: Connection, options: SendOptions): Promise<void> {
  const steps = stepsOf(change).filter(({ payload }) => payload !== undefined)
  if (steps.length === 0) return
  await connection.run(sh`install -d -m 0700 ${inboxFolder}`.text)
  for (const { name: tree, payload } of steps) {
    options.signal?.throwIfAborted()
    await sendOne({ server: change.server.name, connection, tree, payload: payload! }, options)
  }
}

async function sendOne(sending: Sending, options: SendOptions): Promise<void> {
  const { server, connection, payload } = sending
  const { path, contents } = options.archives.get(payload)!
  const stop = options.signal && { signal: options.signal }
  const say = (how: string): void =>
    options.emit({ type: 'note', level: 'info', text: `sending ${payload.replaceAll(':', ' ')} to ${server}${how}` })
  const lack = contents && (await askWhatLacks(sending, contents, stop))
  if (contents === undefined || lack === undefined) {
    say('')
    return await connection.upload(path, inboxPath(payload), stop)
  }
  say(
    `: ${lack.files === 0 ? 'no file' : `${lack.files} ${lack.files === 1 ? 'file' : 'files'}`}, it has the rest from ${lack.base}`,
  )
  await connection.upload(await contents.select(lack.missing), inboxPath(payload), stop)
}

interface Lack {
  readonly base: string
  readonly files: number
  readonly missing: FileNumbers
}

/** How long the comparison may take: it reads the list of each release there. */
const deadlineSeconds = 300

/** The files that a server lacks; undefined where sending all of them costs about as much. */
async function askWhatLacks(
  { connection, tree, payload }: Sending,
  contents: ArchiveContents,
  stop: { readonly signal: AbortSignal } | undefined,
): Promise<Lack | undefined> {
  await connection.upload(contents.list, listOf(payload), stop)
  const { code, stdout } = await connection.run(compareTrees({ path: tree, payload }, contents.seconds).text, {
    deadlineSeconds,
    ...stop,
  })
  const lack = code === 0 ? readLack(stdout, contents.entries) : undefined
  if (lack === undefined) await connection.run(forgetParts(payload).text)
  return lack
}

/** Reads the server's answer, which is untrusted: numbers within the list, in ascending rows. */
export function readLack(answer: string, entries: number): Lack | undefined {
  const [head = '', ...rows] = answer.trimEnd().split('\n')
  const [, base] = /^base ([\w.-]{1,100})$/.exec(head) ?? []
  if (base === undefined || rows.length > entries) return undefined
  const missing = rows.map((row) => /^(\d{1,9}) (\d{1,9})$/.exec(row)?.slice(1).map(Number) ?? [])
  let next = 0
  for (const [from, to] of missing) {
    if (from === undefined || to === undefined || from < next || to < from || to >= entries) return undefined
    next = to + 1
  }
  const ranges = missing as unknown as FileNumbers
  return { base, missing: ranges, files: ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0) }
}

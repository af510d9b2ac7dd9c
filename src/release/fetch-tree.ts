import { Buffer } from 'node:buffer'
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failure } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import type { Connection } from '../transport/transport.ts'
import { digestOf } from './digests.ts'
import { type StoredTree, archiveTree } from './archive-tree.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface FetchTreeOptions extends StoredTree {
  readonly connection: Connection
  /** The server's name, for messages. */
  readonly server: string
  /** The SHA-256 of the unpacked archive; absent where it is not known. */
  readonly digest?: string
  /** Where the archive is written. It is complete, or absent. */
  readonly file: string
  readonly mostBytes?: number
  readonly signal?: AbortSignal
}

/** No release is as large; a server that never stops sending must not fill this computer's disk. */
const mostBytesOfArchive = 4 * 1024 ** 3
const lettersOfLine = 65_536
/** Long, for slow lines; the connection itself watches for silence. */
const deadlineSeconds = 6 * 3600

/**
 * Fetches a folder of a server as an archive. Each line goes straight into a file, so a large archive takes no memory.
 * @throws TRI-RELEASE-004, TRI-SSH-…
 */
export async function fetchTree(options: FetchTreeOptions): Promise<void> {
  const { connection, server, path, digest, file, mostBytes = mostBytesOfArchive, signal } = options
  const partial = `${file}.${process.pid}.partial`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const output = openSync(partial, 'w', 0o600)
  const stop = new AbortController()
  const refuse = (why: string, next = 'run the command again'): void =>
    stop.abort(
      failure('TRI-RELEASE-004', {
        what: `${path} of ${server} could not be fetched`,
        why,
        next,
      }),
    )
  // Written synchronously: nothing piles up in memory when this disk is slower than the network.
  const onLine = (line: string): void => {
    if (stop.signal.aborted) return
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(line) || line.length > lettersOfLine) return refuse('it sent something else')
    try {
      writeAll(output, Buffer.from(line, 'base64'))
    } catch (error) {
      refuse((error as Error).message)
    }
  }
  try {
    const { code } = await connection.run(
      sh`set -o pipefail; (${archiveTree(options)}) | base64 -w ${lettersOfLine}`.text,
      {
        onLine,
        forget: true,
        mostLetters: Math.ceil((mostBytes / 3) * 4 * (1 + 1 / lettersOfLine)),
        deadlineSeconds,
        signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
      },
    )
    stop.signal.throwIfAborted()
    if (code !== 0) refuse(`tar ended there with ${code}`)
    stop.signal.throwIfAborted()
    if (digest !== undefined && (await digestOf(partial).catch(() => '')) !== digest)
      refuse('it is not what was built: it was changed on that server', `run ${trimaran('up')} where it was built`)
    stop.signal.throwIfAborted()
    await rename(partial, file)
  } finally {
    closeSync(output)
    await rm(partial, { force: true })
  }
}

function writeAll(output: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(output, bytes, done)
}

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { failure } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import type { Target, RunResult } from './transport.ts'

type Feed = (script: string, input: () => Readable) => Promise<RunResult>

/**
 * Sends a local file to a place beside its target on the server, compares size and SHA-256 there, and then renames it to the
 * target. The mode is 0600 unless stated. If anything fails, the old file stays as it was.
 */
export async function sendFile(
  target: Target,
  localPath: string,
  remotePath: string,
  { mode = '0600' }: { readonly mode?: string },
  feed: Feed,
): Promise<void> {
  const file = await open(localPath)
  try {
    const { size } = await file.stat()
    const { code, stderr } = await feed(receive(remotePath, size, mode), () =>
      Readable.from(contentThenSum(file, size)),
    )
    if (code === 0) return
    throw failure('TRI-SSH-006', {
      what: `${remotePath} could not be placed on ${target.name}`,
      why: code === damaged ? 'The data was damaged on its way' : stderr.trim(),
      state: 'The old file is untouched',
    })
  } finally {
    await file.close()
  }
}

const damaged = 96

const receive = (path: string, size: number, mode: string): string =>
  sh`
  set -eu
  umask 077
  new=${path}.$$.arriving
  trap 'rm -f "$new"' EXIT
  head -c ${size} >"$new"
  read -r expected
  [ "$(sha256sum <"$new")" = "$expected  -" ] || exit ${damaged}
  chmod ${mode} "$new"
  mv -fT "$new" ${path}
`.text

/** The bytes, then a line with their sum, so that the file is read only once. */
async function* contentThenSum(file: Awaited<ReturnType<typeof open>>, size: number): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  if (size > 0) {
    for await (const piece of file.createReadStream({ end: size - 1, highWaterMark: 256 * 1024, autoClose: false })) {
      hash.update(piece as Buffer)
      yield piece as Buffer
    }
  }
  yield Buffer.from(`${hash.digest('hex')}\n`)
}

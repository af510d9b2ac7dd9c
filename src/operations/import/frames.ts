import { Readable } from 'node:stream'

/** A sender that waits for its own source says so this often; the reader ends after a minute without a word. */
const usualPause = 10_000

/**
 * Bytes in frames: four bytes of length and the content, again and again. A length of zero ends them, so that a connection that
 * broke is no end; the largest one says that the sender waits. `files/import-dump` reads them.
 */
export function framed(source: AsyncIterable<Buffer>, pauseMilliseconds = usualPause): Readable {
  const sent = Readable.from(frames(source, pauseMilliseconds), { objectMode: false })
  // Whoever reads may leave while the source is waited for: it must not go on, such as a pg_dump that holds locks elsewhere.
  if (source instanceof Readable) sent.once('close', () => source.destroy())
  return sent
}

const end = lengthOf(0)
const waiting = lengthOf(0xff_ff_ff_ff)

async function* frames(source: AsyncIterable<Buffer>, pauseMilliseconds: number): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]()
  let next = pieces.next()
  for (;;) {
    const piece = await orPause(next, pauseMilliseconds)
    if (piece === undefined) {
      yield waiting
      continue
    }
    if (piece.done === true) return yield end
    yield Buffer.concat([lengthOf(piece.value.length), piece.value])
    next = pieces.next()
  }
}

/** `undefined` where it takes longer. */
async function orPause<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), milliseconds)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

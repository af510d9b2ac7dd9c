import { Buffer } from 'node:buffer'
import type { BytePath } from './byte-path.ts'

/** One entry of an archive, as GNU tar writes it. */
export interface TarEntry {
  /** As `find .` prints it: `.`, `./lib`, `./lib/a.js`. */
  readonly path: BytePath
  readonly is: 'file' | 'folder' | 'link'
  readonly mode: number
  readonly size: number
  /** Where a link leads; empty for anything else. */
  readonly target: BytePath
  /** The header blocks before its content, byte for byte. */
  readonly head: readonly Buffer[]
}

/** Gets the content of an entry piece by piece; `padding` fills the last block. Promises that it returns are awaited. */
export interface TarReader {
  readonly onContent?: (piece: Buffer) => Waiting
  readonly onEnd?: (padding: Buffer) => Waiting
}

type Waiting = undefined | Promise<void> | void

const block = 512
/** Types of the extra entries that GNU tar writes before an entry whose name or target is longer than 100 bytes. */
const longName = 'L'
const longTarget = 'K'
/** The longest path on Linux. */
const longestPath = 4096

const kinds: Readonly<Record<string, TarEntry['is']>> = { '0': 'file', '\0': 'file', '5': 'folder', '2': 'link' }

/**
 * Reads an archive in GNU tar's format from beginning to end. It needs little memory, however large the archive is.
 * @param onEntry is called with each entry, and returns what gets its content.
 * @throws where it is not such an archive, or ends too early.
 */
export async function readTar(
  archive: AsyncIterable<Buffer>,
  onEntry: (entry: TarEntry) => TarReader | undefined | Promise<TarReader>,
): Promise<void> {
  const source = createSource(archive)
  const long = new Map<string, BytePath>()
  const heads: Buffer[] = []
  for (;;) {
    const header = await source.take(block)
    if (header.every((byte) => byte === 0)) return await source.drain()
    checkSum(header)
    heads.push(header)
    const type = header.toString('latin1', 156, 157)
    const size = numberAt(header, 124, 12)
    if (type === longName || type === longTarget) {
      if (size > longestPath + 1) throw new Error('a name in it is longer than any path')
      const text = await source.take(Math.ceil(size / block) * block)
      heads.push(text)
      long.set(type, text.toString('latin1', 0, size).replace(/\0[^]*$/, ''))
      continue
    }
    const is = kinds[type]
    if (is === undefined) throw new Error(`it holds an entry of the kind ${JSON.stringify(type)}`)
    const reader = await onEntry({
      path: asFound(long.get(longName) ?? textAt(header, 0, 100)),
      is,
      mode: numberAt(header, 100, 8),
      size,
      target: is === 'link' ? (long.get(longTarget) ?? textAt(header, 157, 100)) : '',
      head: [...heads],
    })
    long.clear()
    heads.length = 0
    await source.give(size, (piece) => reader?.onContent?.(piece))
    const padding = await source.take((block - (size % block)) % block)
    await reader?.onEnd?.(padding)
  }
}

const asFound = (name: BytePath): BytePath => (name === './' ? '.' : name.replace(/\/$/, ''))

const textAt = (header: Buffer, start: number, length: number): BytePath =>
  header.toString('latin1', start, start + length).replace(/\0[^]*$/, '')

/** A number in octal digits; a larger number is binary, with the highest bit set. */
function numberAt(header: Buffer, start: number, length: number): number {
  if ((header[start]! & 0x80) !== 0) return header.readUIntBE(start + length - 6, 6)
  const text = textAt(header, start, length).trim()
  if (!/^[0-7]*$/.test(text)) throw new Error('a number in it is none')
  return Number.parseInt(text || '0', 8)
}

function checkSum(header: Buffer): void {
  let sum = 8 * 32
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) sum += byte
  if (sum !== numberAt(header, 148, 8)) throw new Error('it is not an archive of tar')
}

function createSource(archive: AsyncIterable<Buffer>) {
  const pieces = archive[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  const next = async (): Promise<void> => {
    const { value, done } = await pieces.next()
    if (done === true) throw new Error('it ends in the middle')
    rest = value
  }
  /** Passes on that many bytes, as they arrive. */
  const give = async (bytes: number, to: (piece: Buffer) => Waiting | undefined): Promise<void> => {
    for (let left = bytes; left > 0;) {
      if (rest.length === 0) await next()
      const piece = rest.subarray(0, left)
      rest = rest.subarray(piece.length)
      left -= piece.length
      const waiting = to(piece)
      if (waiting !== undefined) await waiting
    }
  }
  return {
    give,
    async take(bytes: number): Promise<Buffer> {
      const taken: Buffer[] = []
      await give(bytes, (piece) => void taken.push(piece))
      return taken.length === 1 ? taken[0]! : Buffer.concat(taken)
    },
    async drain(): Promise<void> {
      while ((await pieces.next()).done !== true);
    },
  }
}

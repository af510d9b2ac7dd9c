import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMask } from '../speech/mask.ts'
import { createMaskStream } from './mask-stream.ts'

const mask = createMask()
mask.learn('correct-horse-battery')
mask.learn('pässwörter-überall')
const hide = (text: string): string => mask.hide(text)
const passed = (chunks: readonly Uint8Array[]): Promise<Buffer> =>
  buffer(Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(createMaskStream(hide)))
/** The same bytes in pieces of these sizes. */
function inPieces(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  let from = 0
  for (const size of sizes) pieces.push(bytes.subarray(from, (from += size)))
  return [...pieces, bytes.subarray(from)]
}
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 })

describe('a stream without secrets', () => {
  it('leaves all other bytes as they are, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), sizes, async (bytes, cuts) => {
        expect(Buffer.compare(await passed(inPieces(bytes, cuts)), bytes)).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  it('masks the same as a text that comes at once', async () => {
    const part = fc.constantFrom('correct-horse-battery', 'pässwörter-überall', 'plain', ' ', '\n', 'ü', '-----END ')
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 30 }), sizes, async (parts, cuts) => {
        const text = parts.join('')
        expect((await passed(inPieces(Buffer.from(text), cuts))).toString()).toBe(hide(text))
      }),
      { numRuns: 100 },
    )
  })

  it('masks among bytes that are no text', async () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0x00, 0xfe]),
      Buffer.from('correct-horse-battery'),
      Buffer.from([0x80]),
    ])
    expect(await passed([bytes])).toEqual(
      Buffer.concat([Buffer.from([0xff, 0x00, 0xfe]), Buffer.from('***'), Buffer.from([0x80])]),
    )
  })

  it('masks a private key that comes line by line', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'QUJDREVGR0g'.repeat(6)}\n${'QUJDREVGR0g'.repeat(6)}\n-----END PRIVATE KEY-----`
    const lines = `before\n${key}\nafter\n`.split(/(?<=\n)/).map((line) => Buffer.from(line))
    expect((await passed(lines)).toString()).toBe('before\n***\nafter\n')
  })

  it('passes on a prompt that waits for an answer', async () => {
    const stream = createMaskStream(hide)
    stream.write('Name: ')
    const [first] = (await once(stream, 'data')) as [Buffer]
    expect(first.toString()).toBe('Name: ')
  })

  it('does not keep a long line without an end', async () => {
    const bytes = Buffer.alloc(1_000_000, 'a')
    expect((await passed(inPieces(bytes, [70_000, 70_000]))).length).toBe(bytes.length)
  })
})

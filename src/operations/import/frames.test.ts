import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { framed } from './frames.ts'

const read = async (source: AsyncIterable<Buffer>, pause?: number): Promise<string> =>
  Buffer.concat(await framed(source, pause).toArray()).toString('hex')

async function* pieces(...all: readonly string[]) {
  for (const one of all) yield Buffer.from(one)
}

it('gives each piece its length, and an end', async () => {
  expect(await read(pieces('ab', 'c'))).toBe(['00000002', '6162', '00000001', '63', '00000000'].join(''))
  expect(await read(pieces())).toBe('00000000')
})

it('says that it waits where its source is slow', async () => {
  async function* slow() {
    await sleep(60)
    yield Buffer.from('a')
  }
  expect(await read(slow(), 25)).toMatch(/^(ffffffff)+0000000161(ffffffff)?00000000$/)
})

it('ends its source where its reader leaves, even while it waits for it', async () => {
  const silent = new PassThrough()
  const sent = framed(silent)
  sent.resume()
  sent.destroy()
  await once(silent, 'close')
  expect(silent.destroyed).toBe(true)
})

it('has no end where its source has none', async () => {
  async function* broken() {
    yield Buffer.from('a')
    throw new Error('the disk is gone')
  }
  await expect(read(broken())).rejects.toThrow('the disk is gone')
})

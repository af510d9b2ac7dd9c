import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { TrimaranError } from '../../errors/failure.ts'
import { readPages } from './read-pages.ts'

const folder = mkdtempSync(join(tmpdir(), 'trimaran-pages-'))
afterAll(() => rmSync(folder, { recursive: true }))

const readOne = async (content: string | Buffer): Promise<unknown> => {
  writeFileSync(join(folder, 'page.html'), content)
  return readPages({ 503: './page.html' }, { folder, file: 'trimaran.config.ts' }).catch((error: unknown) => error)
}

it('reads pages by what they are for', async () => {
  expect(await readOne('<!DOCTYPE html><p>Größe</p>')).toEqual({ 503: '<!DOCTYPE html><p>Größe</p>' })
  expect(await readPages({}, { folder, file: 'trimaran.config.ts' })).toEqual({})
})

it.each([
  ['large', `<h1>${'x'.repeat(13_000)}</h1>`, '12 KB is the most'],
  ['no text', Buffer.from([0x3c, 0x68, 0x31, 0x3e, 0xff, 0xfe]), 'UTF-8'],
  ['no HTML', 'HTTP/1.0 503 Service Unavailable', 'not an HTML page'],
])('refuses what is %s', async (_, content, reason) => {
  const error = await readOne(content)
  expect(error).toBeInstanceOf(TrimaranError)
  expect(error).toMatchObject({ code: 'TRI-CONFIG-008', facts: { why: expect.stringContaining(reason) } })
})

it('names a file that is not there', async () => {
  await expect(readPages({ maintenance: 'gone.html' }, { folder, file: 'c.ts' })).rejects.toMatchObject({
    code: 'TRI-CONFIG-006',
    facts: { what: 'pages.maintenance names gone.html, which cannot be read' },
  })
})

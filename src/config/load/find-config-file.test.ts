import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findConfigFile } from './find-config-file.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'trimaran-find-'))
  await mkdir(join(home, 'shop/src'), { recursive: true })
  for (const name of ['trimaran.config.ts', 'shop/trimaran.config.ts', 'shop/trimaran.config.mjs'])
    await writeFile(join(home, name), '')
})
afterAll(() => rm(home, { recursive: true }))

it('takes the nearest one, from the folder upwards', async () => {
  expect(await findConfigFile(home)).toBe(join(home, 'trimaran.config.ts'))
})

it('takes none of several in a folder, unless it is named', async () => {
  await expect(findConfigFile(join(home, 'shop/src'))).rejects.toMatchObject({
    code: 'TRI-CONFIG-001',
    facts: { what: 'there are 2 configs here: trimaran.config.ts and trimaran.config.mjs', where: join(home, 'shop') },
  })
  expect(await findConfigFile(join(home, 'shop'), 'trimaran.config.mjs')).toBe(join(home, 'shop/trimaran.config.mjs'))
})

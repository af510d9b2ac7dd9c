import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TrimaranError } from '../../errors/failure.ts'
import { readAppSecrets } from './read-app-secrets.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trimaran-secrets-'))
  await writeFile(join(folder, '.env'), 'FROM_FILE="two words"\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = (name: string, command?: string) =>
  readAppSecrets([{ name, ...(command !== undefined && { command }) }], { folder, file: 'trimaran.config.ts' })

const whyOf = async (name: string, command?: string): Promise<string> => {
  const error = await read(name, command).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'TRI-CONFIG-007' })
  return (error as TrimaranError).facts.why ?? ''
}

it('takes what a command prints, but for the end of its line, or what .env says', async () => {
  expect(await read('KEY', "printf ' a=b \\n'")).toEqual({ KEY: ' a=b ' })
  expect(await read('FROM_FILE')).toEqual({ FROM_FILE: 'two words' })
})

it.each([
  ['exit 3', 'ended with 3'],
  ['echo no vault >&2; exit 1', 'ended with 1: no vault'],
  ['true', 'printed nothing'],
  [String.raw`printf 'a\0b'`, 'printed a NUL byte'],
  [String.raw`printf '\377\376'`, 'printed bytes that are no UTF-8'],
])('says what is wrong with a command: %s', async (command, why) => {
  expect(await whyOf('KEY', command)).toContain(`KEY: \`${command}\` ${why}`)
})

it('says how each that is missing is had', async () => {
  const secrets = [{ name: 'KEY', command: 'no-such-vault read key' }, { name: 'NOWHERE' }]
  const error = await readAppSecrets(secrets, { folder, file: 'trimaran.config.ts' }).catch((thrown: unknown) => thrown)
  expect((error as TrimaranError).facts.next).toBe(
    [
      'make `no-such-vault read key` print it in the folder of the config',
      'set NOWHERE in your environment, or in .env beside the config (and that in .gitignore)',
    ].join('\n'),
  )
})

it('says where it looked for one without a command', async () => {
  expect(await whyOf('NOWHERE')).toBe('NOWHERE: neither in your environment nor in .env beside the config')
})

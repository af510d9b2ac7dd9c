import { globSync, readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { hideSecrets } from '../speech/known-secrets.ts'
import { hideKeyFromChildren, loadStackKey, passwordNames, secretsFrom } from './stack-key.ts'

const key = 'a-key-that-is-long-enough-for-a-stack'
afterEach(() => {
  delete process.env['TRIMARAN_KEY']
})

it('knows every password that a component asks for before it is asked, so that all are masked', () => {
  const files = globSync('src/components/**/*.ts').filter((file) => !file.endsWith('.test.ts'))
  const asked = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bsecret\('([^']+)'\)/g)].map(([, name]) => name),
  )
  expect(new Set(asked)).toEqual(new Set(passwordNames))
})

it('takes the key out of the environment, and masks it and all passwords', async () => {
  process.env['TRIMARAN_KEY'] = key
  hideKeyFromChildren()
  expect(process.env['TRIMARAN_KEY']).toBeUndefined()
  await loadStackKey('/nowhere', 'shop')
  const said = [key, ...passwordNames.map(secretsFrom(key, 'shop'))].map(hideSecrets)
  expect(new Set(said)).toEqual(new Set(['***']))
})

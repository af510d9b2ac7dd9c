import { globSync, readFileSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { passwordNames, secretsFrom } from './stack-key.ts'

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
  // A process of its own, as it were: what is taken from the environment is kept for the rest of a run.
  vi.resetModules()
  const { hideKeyFromChildren, loadStackKey } = await import('./stack-key.ts')
  const { hideSecrets } = await import('../speech/known-secrets.ts')
  process.env['TRIMARAN_KEY'] = key
  hideKeyFromChildren()
  expect(process.env['TRIMARAN_KEY']).toBeUndefined()
  await loadStackKey('/nowhere', 'shop')
  const said = [key, ...passwordNames.map(secretsFrom(key, 'shop'))].map(hideSecrets)
  expect(new Set(said)).toEqual(new Set(['***']))
})

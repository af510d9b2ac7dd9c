import { afterEach, expect, it, vi } from 'vitest'
import { createBlueprint } from '../blueprint/blueprint.ts'
import { components } from '../components/index.ts'
import { contextFor, everything } from '../components/testing/stacks.ts'
import { passwordNames, secretsFrom } from './stack-key.ts'

const key = 'a-key-that-is-long-enough-for-a-stack'
afterEach(() => {
  delete process.env['TRIMARAN_KEY']
  vi.resetModules()
})

/** What is derived as well, and stands on no server as it is. */
const neverPlaced = /^(?:salt of|fingerprint of|signature of|seed of) /

it('knows every password that a component asks for before it is asked, so that all are masked', () => {
  const stack = everything(components)
  const asked = new Set<string>()
  const secret = (name: string): string => {
    asked.add(name)
    return `secret-of-${name}`
  }
  for (const server of stack.servers) createBlueprint(components, { ...contextFor(stack, server.name), secret })
  const passwords = [...asked].filter((name) => !neverPlaced.test(name))
  expect(new Set(passwords)).toEqual(new Set(passwordNames))
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

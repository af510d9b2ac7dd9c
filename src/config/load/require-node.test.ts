import { expect, it } from 'vitest'
import { requireNode } from './require-node.ts'

it.each(['22.18.0', '22.21.1', '24.0.0', '25.2.0'])('takes Node.js %s', (version) => {
  expect(() => requireNode(version)).not.toThrow()
})

it.each(['18.20.4', '20.19.0', '22.17.1'])('refuses Node.js %s, and says what to do', (version) => {
  expect(() => requireNode(version)).toThrow(`this is Node.js ${version}, which is too old`)
})

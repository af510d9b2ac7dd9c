import { expect, it } from 'vitest'
import { findPosition } from './find-position.ts'

const text = `import { defineStack } from 'trimaran'

/* defineStack({ name: 'no' }) */
const other = { name: 'neither' }

export default defineStack({
  // name: 'it is a trap, { as this is'
  name: 'guest, {book}',
  "web": { servers: ['a', { ssh: "b", address: '10.0.0.1' }], root: other.name },
  app: {
    servers: count({ of: 3 }), 'start': \`node \${other}\`,
    env: { 'LOG-LEVEL': 'x' },
  },
  other,
})
`

const cases = {
  name: { keys: ['name'], at: '8:3' },
  'a key in quotes': { keys: ['web'], at: '9:3' },
  'an item of a list': { keys: ['web', 'servers', 1], at: '9:27' },
  'a key of an item': { keys: ['web', 'servers', 1, 'address'], at: '9:39' },
  'a key after a call': { keys: ['app', 'start'], at: '11:32' },
  'a key with a hyphen': { keys: ['app', 'env', 'LOG-LEVEL'], at: '12:12' },
  'shorthand, for what is in it': { keys: ['other', 'name'], at: '14:3' },
  'the nearest around what is missing': { keys: ['app', 'health'], at: '10:3' },
} as const

it.each(Object.entries(cases))('finds %s', (_, { keys, at }) => {
  const { line, column } = findPosition(text, keys)!
  expect(`${line}:${column}`).toBe(at)
})

it('finds a stack without defineStack, and with types', () => {
  expect(findPosition('export default {\n  name: 1 } satisfies StackInput', ['name'])).toEqual({ line: 2, column: 3 })
  expect(findPosition('export default defineStack<Mine>({ name: 1 })', ['name'])).toEqual({ line: 1, column: 36 })
})

it.each(['', 'export default stack', 'export default defineStack({', '`', 'defineStack({ name: [ }'])(
  'does not mind %j',
  (odd) => {
    expect(() => findPosition(odd, ['balancer', 'servers'])).not.toThrow()
    expect(findPosition(odd, ['balancer'])).toBeUndefined()
  },
)

import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { wrapLine } from './wrap-line.ts'

it('breaks between words and keeps the indentation', () => {
  expect(wrapLine('  one two three four', 12)).toEqual(['  one two', '  three four'])
})

it('leaves a line that fits as it is, and a word that is too wide whole', () => {
  expect(wrapLine('  a   b', 10)).toEqual(['  a   b'])
  expect(wrapLine('a /very/long/path b', 8)).toEqual(['a', '/very/long/path', 'b'])
})

it('never loses or changes a word, and never is wider but for one word', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 })
  fc.assert(
    fc.property(words, fc.nat(8), fc.integer({ min: 10, max: 60 }), (list, indent, columns) => {
      const wrapped = wrapLine(' '.repeat(indent) + list.join(' '), columns)
      expect(wrapped.flatMap((line) => line.trim().split(' '))).toEqual(list)
      for (const line of wrapped) expect(line.length <= columns || !line.trim().includes(' ')).toBe(true)
    }),
  )
})

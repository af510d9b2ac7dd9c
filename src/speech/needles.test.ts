import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createNeedles } from './needles.ts'

/** Few letters, so that needles occur, overlap, and share their beginnings; two of them with the same low bits. */
const letters = fc.constantFrom('a', 'b', 'A', '\u0141', '\n')
const needle = fc.string({ unit: letters, minLength: 6, maxLength: 9 })
const text = fc.string({ unit: letters, maxLength: 200 })

it('finds what a look at each place finds', () => {
  fc.assert(
    fc.property(fc.array(needle, { maxLength: 20 }), text, (chosen, around) => {
      const needles = createNeedles()
      for (const one of chosen) needles.add(one)
      const whole = around + chosen.join(around.slice(0, 3))
      const expected = [...whole].flatMap((_, index) => {
        const lengths = chosen.filter((one) => whole.startsWith(one, index)).map(({ length }) => length)
        return lengths.length === 0 ? [] : [{ index, length: Math.max(...lengths) }]
      })
      expect(needles.findIn(whole)).toEqual(expected)
    }),
  )
})

it('finds nothing where it knows nothing', () => {
  expect(createNeedles().findIn('anything at all')).toEqual([])
})

it('refuses a needle that is shorter than what is hashed', () => {
  expect(() => createNeedles().add('short')).toThrow(RangeError)
})

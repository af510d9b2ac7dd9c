import { expect, it } from 'vitest'
import { followName, whyNot } from './follow-program.ts'

it('has one name for all, of the letters that a slot may have', () => {
  expect(followName({ name: 'my-shop' }, 'Shop 2')).toBe('trimaran_my_shop_shop_2')
  expect(followName({ name: 'a'.repeat(40) }, 'b'.repeat(40))).toHaveLength(63)
})

it('says why not in the words of who said so first', () => {
  expect(whyNot({ error: 'Traceback', refused: { type: 'refused', why: 'not yet' } })).toBe('not yet')
  expect(whyNot({ error: '', unreached: { type: 'unreached', why: 'refused' } })).toMatch(/old server .*: refused/)
  expect(whyNot({ error: 'Traceback' })).toBe('Traceback')
})

import { expect, it } from 'vitest'
import { chooseRelease } from './choose-release.ts'

const kept = ['20261103-090000-ccc', '20261102-090000-bbb', '20261101-090000-aaa', '20261101-080000-aab']
const from = (release: string, wanted?: string) => chooseRelease({ release, kept }, wanted)

it('is the newest before the current one', () => {
  expect(from('20261103-090000-ccc')).toBe('20261102-090000-bbb')
  expect(from('20261102-090000-bbb')).toBe('20261101-090000-aaa')
})

it('goes by the whole name, its revision, or its beginning', () => {
  expect(from('20261103-090000-ccc', '20261101-080000-aab')).toBe('20261101-080000-aab')
  expect(from('20261103-090000-ccc', 'aaa')).toBe('20261101-090000-aaa')
  expect(from('20261101-090000-aaa', '20261103')).toBe('20261103-090000-ccc')
})

it('does not guess', () => {
  expect(() => from('20261103-090000-ccc', '20261101')).toThrow(
    '20261101 may be 20261101-090000-aaa or 20261101-080000-aab',
  )
  expect(() => from('20261103-090000-ccc', 'ddd')).toThrow('There is no release ddd')
  expect(() => from('20261101-080000-aab')).toThrow('There is no release before 20261101-080000-aab')
})

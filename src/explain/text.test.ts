import { describe, expect, it } from 'vitest'
import { besideLabel, listNames, listRuns, plainStyle, wrapText } from './text.ts'

it.each([
  [['lb-1', 'lb-2'], 'lb-1 and lb-2'],
  [['web-1', 'web-2', 'web-3'], 'web-1 to web-3'],
  [['app-1', 'web-1', 'web-2', 'web-3', 'web-4', 'lb-1'], 'app-1, web-1 to web-4 and lb-1'],
  [['web-9', 'web-10', 'web-11', 'web-12', 'web-14'], 'web-9 to web-12 and web-14'],
  [[], ''],
])('lists runs of names shortly: %j', (names, text) => expect(listRuns(names)).toBe(text))

describe('listNames', () => {
  it.each([
    [['web-1'], 'web-1'],
    [['web-1', 'web-2'], 'web-1 and web-2'],
    [['db-1', 'db-2', 'db-3'], 'db-1 to db-3'],
    [['web-1', 'web-3', 'web-4'], 'web-1, web-3 and web-4'],
    [['web-2', 'app-3', 'app-4'], 'web-2, app-3 and app-4'],
  ])('%j', (names, text) => {
    expect(listNames(names)).toBe(text)
  })
})

describe('wrapText', () => {
  it('breaks between words, and leaves a longer word whole', () => {
    expect(wrapText('one two  threethreethree four', 8)).toEqual(['one two', 'threethreethree', 'four'])
  })
})

describe('besideLabel', () => {
  it('aligns the text, and puts a label that is too long above it', () => {
    const options = { width: 16, style: plainStyle }
    expect(besideLabel('web', 'one two three', 6, options)).toEqual(['web   one two', '      three'])
    expect(besideLabel('balancer', 'one', 6, options)).toEqual(['balancer', '      one'])
  })
})

import { describe, expect, it } from 'vitest'
import { countOf } from './count-of.ts'

describe('countOf', () => {
  it.each([
    [1, 'one server'],
    [3, 'three servers'],
    [40, '40 servers'],
  ])('%d', (count, text) => {
    expect(countOf(count, 'server')).toBe(text)
  })
})

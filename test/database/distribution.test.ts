import { describe, expect, it } from 'vitest'
import { distributionOf, gapAfter } from './support/distribution.ts'

describe('how long writes waited', () => {
  it('is told as least, median, 95 % and most', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => (100 - index) * 10)
    expect(distributionOf(hundred)).toEqual({ least: 0.01, median: 0.5, most95: 0.95, most: 1 })
    expect(distributionOf([2200])).toEqual({ least: 2.2, median: 2.2, most95: 2.2, most: 2.2 })
  })

  it('counts the longest gap between one strike and the next', () => {
    const gaps = [
      { from: 100, milliseconds: 50 },
      { from: 990, milliseconds: 2000 },
      { from: 4000, milliseconds: 300 },
      { from: 9000, milliseconds: 5000 },
    ]
    expect(gapAfter(1000, 8000, gaps)).toBe(2000)
    expect(gapAfter(5000, 8000, gaps)).toBe(0)
    // The last write before the next strike begins the gap of that one.
    expect(gapAfter(5000, 9010, gaps)).toBe(0)
    expect(gapAfter(9010, Infinity, gaps)).toBe(5000)
  })
})

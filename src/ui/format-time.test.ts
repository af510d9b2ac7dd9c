import { expect, it } from 'vitest'
import { formatTime } from './format-time.ts'

const at = '2026-11-30T22:55:46.397Z'

it.each([
  ['seconds', 0, '2026-11-30 22:55:46 UTC'],
  ['milliseconds', 60, '2026-11-30 23:55:46.397 +01:00'],
  ['minutes', 120, '2026-12-01 00:55 +02:00'],
  ['seconds', -210, '2026-11-30 19:25:46 -03:30'],
] as const)('tells a time to its %s, %d minutes from UTC', (precision, minutesOff, text) => {
  expect(formatTime(at, precision, minutesOff)).toBe(text)
  expect(formatTime(Date.parse(at), precision, minutesOff)).toBe(text)
})

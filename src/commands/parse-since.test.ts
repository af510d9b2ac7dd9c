import { expect, it } from 'vitest'
import { formatTime } from '../ui/format-time.ts'
import { parseSince } from './parse-since.ts'

const now = new Date('2026-11-30T12:00:00').getTime()
const minutes = 60_000

it.each([
  ['90s', now - 1.5 * minutes],
  ['10m', now - 10 * minutes],
  ['10 min', now - 10 * minutes],
  ['2h', now - 120 * minutes],
  ['1d', now - 1440 * minutes],
  ['11:30', now - 30 * minutes],
  ['12:30', now - 1410 * minutes],
  ['2026-11-30 11:30', now - 30 * minutes],
  ['2026-11-30', now - 720 * minutes],
  ['2026-11-29T22:55:46.397Z', Date.parse('2026-11-29T22:55:46.397Z')],
  [formatTime('2026-11-29T22:55:46.397Z', 'milliseconds', 0), Date.parse('2026-11-29T22:55:46.397Z')],
  [formatTime('2026-11-29T22:55:46.397Z', 'milliseconds', 90), Date.parse('2026-11-29T22:55:46.397Z')],
])('understands %s', (text, time) => {
  expect(parseSince(text, now)).toBe(time)
})

it.each(['', 'soon', '10', '25:00', '12:60', '2026-13-40', '2026-12-24', 'yesterday'])('refuses %s', (text) => {
  expect(() => parseSince(text, now)).toThrow(/is not a time: 10m|is in the future/)
})

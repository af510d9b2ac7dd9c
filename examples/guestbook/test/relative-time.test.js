import assert from 'node:assert/strict'
import { it } from 'node:test'
import { relativeTime } from '../public/relative-time.js'

const now = Date.parse('2026-11-22T12:00:00Z')

for (const [time, words] of [
  ['2026-11-22T12:00:02Z', 'just now'], // a clock that is ahead
  ['2026-11-22T11:59:01Z', 'just now'],
  ['2026-11-22T11:59:00Z', '1 minute ago'],
  ['2026-11-22T10:00:01Z', '1 hour ago'],
  ['2026-11-21T11:00:00Z', 'yesterday'],
  ['2026-11-08T12:00:00Z', '2 weeks ago'],
  ['2024-06-01T12:00:00Z', '2 years ago'],
]) {
  it(`${time} is ${words}`, () => assert.equal(relativeTime(time, now), words))
}

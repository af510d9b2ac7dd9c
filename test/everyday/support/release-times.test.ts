import { expect, it } from 'vitest'
import { readTimes, formatTimes } from './release-times.ts'

const printed = [
  { type: 'observed', server: 'app-1', milliseconds: 400, at: '2026-11-25T20:00:00.500Z' },
  { type: 'plan', plan: {} },
  { type: 'stage', name: 'building release r2', detail: 'npm ci', at: '2026-11-25T20:00:01.000Z' },
  { type: 'stage', name: 'building release r2', detail: 'built', at: '2026-11-25T20:00:04.000Z' },
  { type: 'apply-started', servers: ['app-1'], steps: 3, waves: 2, at: '2026-11-25T20:00:05.000Z' },
  { type: 'apply-done', ok: true, steps: 3, milliseconds: 1500, at: '2026-11-25T20:00:06.500Z' },
  { type: 'done', changed: true },
]
  .map((event) => JSON.stringify(event))
  .join('\n')

it('tells the build and the servers from the rest', () => {
  expect(readTimes(printed, 7000)).toEqual({ whole: 7, build: 3, servers: 1.5 })
  expect(formatTimes([readTimes(printed, 7000)])).toBe('whole 7.0 s, without the build 4.0 s, on the servers 1.5 s')
})

it('finds no build in a rollback', () => {
  const rollback = printed.split('\n').slice(4).join('\n')
  expect(formatTimes([readTimes(rollback, 3000)])).toBe('whole 3.0 s, on the servers 1.5 s')
})

it('tells of several the median and the slowest', () => {
  const all = [5, 9, 6].map((whole) => ({ whole, build: 2, servers: whole / 2 }))
  expect(formatTimes(all)).toBe(
    'whole 6.0 s (slowest 9.0 s), without the build 4.0 s (slowest 7.0 s), on the servers 3.0 s (slowest 4.5 s)',
  )
})

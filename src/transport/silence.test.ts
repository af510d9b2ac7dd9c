import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchSilence } from './silence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** After how many seconds it is silent, where it says so much each second; never within two minutes: undefined. */
function silentAfter(said: string): number | undefined {
  let silentAt: number | undefined
  let second = 0
  const watch = watchSilence(10, () => (silentAt ??= second))
  for (; second < 120; second += 1) {
    vi.advanceTimersByTime(1000)
    if (silentAt === undefined) watch.hear(said)
  }
  watch.stop()
  return silentAt
}

it.each([
  ['nothing', '', 9],
  ['a letter', 'x', 9],
  ['a hundred letters without a line end', 'x'.repeat(100), 9],
  ['an empty line', '\n', undefined],
  ['a piece of a line', 'x'.repeat(500), undefined],
])('whoever says %s a second', (_, said, silent) => expect(silentAfter(said)).toBe(silent))

it('says nothing more once it is stopped', () => {
  const onSilence = vi.fn<() => void>()
  watchSilence(10, onSilence).stop()
  vi.advanceTimersByTime(60_000)
  expect(onSilence).not.toHaveBeenCalled()
})

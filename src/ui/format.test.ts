import { describe, expect, it } from 'vitest'
import { formatBytes } from '../speech/format-bytes.ts'
import { formatDuration } from './format-duration.ts'
import { createTone } from './tone.ts'

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [12.4, '12 ms'],
    [320, '0.3 s'],
    [8_249, '8.2 s'],
    [9_970, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [80_000, '1 min 20 s'],
    [3_599_700, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms is %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text))
})

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [812, '812 bytes'],
    [1024, '1 kB'],
    [3500, '3.4 kB'],
    [512 * 1024 ** 2, '512 MB'],
    [1024 ** 3 - 1, '1 GB'],
    [5000 * 1024 ** 4, '5000 TB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
})

describe('createTone', () => {
  const red = (isTTY: boolean, env: NodeJS.ProcessEnv) => createTone({ isTTY }, env).red('x') !== 'x'
  it('colours a terminal only', () => {
    expect([red(true, {}), red(false, {})]).toEqual([true, false])
  })
  it('follows NO_COLOR, FORCE_COLOR and TERM=dumb', () => {
    expect([red(true, { NO_COLOR: '1' }), red(true, { NO_COLOR: '' }), red(true, { TERM: 'dumb' })]).toEqual([
      false,
      true,
      false,
    ])
    expect([red(false, { FORCE_COLOR: '1' }), red(true, { FORCE_COLOR: '0' })]).toEqual([true, false])
  })
})

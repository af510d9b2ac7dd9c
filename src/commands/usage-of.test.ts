import { expect, it } from 'vitest'
import { usageOf } from './usage-of.ts'

it.each([
  ['drain web-1 web-2', 'drain SERVER'],
  ['exec', 'exec WORD…'],
  ['scale app', 'scale TIER COUNT'],
  ['logs', 'logs [SERVER|TIER|COMPONENT] [COMPONENT]'],
  ['reboot', 'reboot [SERVER]…'],
  ['lab shell', 'lab shell SERVER'],
  ['up now', 'up'],
  ['lab', undefined],
  ['launch', undefined],
  ['', undefined],
])('says what %s wants', (line, usage) => {
  expect(usageOf(line.split(' '))).toBe(usage)
})

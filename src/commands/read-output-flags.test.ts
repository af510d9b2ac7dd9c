import { expect, it } from 'vitest'
import { readOutputFlags } from './read-output-flags.ts'

it.each([
  ['up', { json: false, lab: false }],
  ['up --lab --json', { json: true, lab: true }],
  ['exec web-1 -- run --lab --json', { json: false, lab: false }],
  ['up --config a.ts', { json: false, lab: false, config: 'a.ts' }],
  ['up --config=a.ts --lab', { json: false, lab: true, config: 'a.ts' }],
])('reads %s', (line, flags) => {
  expect(readOutputFlags(line.split(' '))).toEqual(flags)
})

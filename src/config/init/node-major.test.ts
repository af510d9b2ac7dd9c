import { expect, it } from 'vitest'
import { nodeMajorFor } from './node-major.ts'

it.each([
  [undefined, '24'],
  ['', '24'],
  ['>=20', '24'],
  ['>= 26.1', '26'],
  ['^22.3.0', '22'],
  ['22.x', '22'],
  ['18 || 20', '20'],
  ['>=18 <21', '20'],
  ['>=18.0.0 <= 22', '22'],
  ['v22.11.0\n', '22'],
  ['lts/*', '24'],
  ['16', '20'],
  ['25', '26'],
  ['99', '26'],
  ['*', '24'],
])('%j wants Node.js %s', (range, major) => expect(nodeMajorFor(range)).toBe(major))

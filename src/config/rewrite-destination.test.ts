import { expect, it } from 'vitest'
import { rewriteDestination } from './rewrite-destination.ts'

const stack = (servers: string): string => `export default defineStack({ web: { servers: ${servers} } })\n`

it.each([
  [`['a', 'b', 'c']`, `['a', 'new', 'c']`],
  [`["a", "root@b"]`, `["a", "new"]`],
  [`[\n  'a', // one\n  'b', // the old one\n]`, `[\n  'a', // one\n  'new', // the old one\n]`],
  [`['a', { ssh: 'b' }]`, `['a', { ssh: 'new' }]`],
])('writes into %s', (before, after) => {
  expect(rewriteDestination(stack(before), 'web', 1, 'new')).toMatchObject({ text: stack(after) })
})

it.each([
  ['2', 'is computed'],
  ['hosts', 'is computed'],
  ['[...hosts]', 'is computed'],
  [`['a', process.env.WEB_B]`, 'is computed'],
  [`['a', 'web' + '-b']`, 'is computed'],
  ['[`a`, `b`]', 'is computed'],
  [`['a', { ssh: 'b', address: '10.0.0.32' }]`, 'states its address'],
  [`['a']`, 'is computed'],
])('leaves %s to whoever wrote it', (servers, obstacle) => {
  expect(rewriteDestination(stack(servers), 'web', 1, 'new')).toMatchObject({ obstacle })
})

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(path, 'utf8')

it('promises of HTTP what is tested, and tests what is promised', () => {
  const promised = [...read('docs/http.md').matchAll(/^\| `([a-z0-9.-]+)` +\| /gm)].map(([, id]) => id!)
  const tested = [...read('test/daemons/http.test.ts').matchAll(/['"`]\[([a-z0-9.-]+)\] /g)].map(([, id]) => id!)
  expect(promised.length).toBeGreaterThan(25)
  expect(new Set(promised).size).toBe(promised.length)
  expect([...new Set(tested)].toSorted()).toEqual(promised.toSorted())
})

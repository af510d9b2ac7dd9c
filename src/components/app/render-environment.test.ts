import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { writeEnvironment } from './render-environment.ts'

/** Reads an environment file as systemd 257 does (parse_env_file in src/basic/env-file.c), one character at a time. */
function readAsSystemd(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  let position = 0
  const until = (end: string): string => {
    const stop = text.indexOf(end, position)
    const part = text.slice(position, stop)
    position = stop + 1
    return part
  }
  while (position < text.length) {
    if (text[position] === '#') until('\n')
    else {
      const name = until('=')
      if (text[position] !== '"') throw new Error(`${name} is not quoted`)
      position += 1
      let value = ''
      for (; text[position] !== '"'; position += 1) {
        if (text[position] !== '\\') value += text[position]
        else if ('"\\`$'.includes(text[(position += 1)]!)) value += text[position]
        else value += text[position] === '\n' ? '' : `\\${text[position]}`
      }
      if (text[position + 1] !== '\n') throw new Error(`something follows the value of ${name}`)
      position += 2
      found[name] = value
    }
  }
  return found
}

it('writes any value so that systemd reads the same', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'"\'\\`$#=; \t\r\n%{}aé') }),
  )
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/)
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (variables) => {
      expect(readAsSystemd(writeEnvironment(['a comment'], variables))).toEqual(variables)
    }),
  )
})

it('keeps line breaks, as in private keys', () => {
  expect(writeEnvironment(['Keys.'], { KEY: '-----BEGIN\nabc\n-----END' }))
    .toBe(`# Placed by Trimaran; the next \`trimaran up\` replaces changes made here.
# Keys.
KEY="-----BEGIN
abc
-----END"
`)
})

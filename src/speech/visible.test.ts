import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonLine, visible } from './visible.ts'

it.each([
  ['a cursor that goes home and clears', '\u001B[H\u001B[2J✔ all is well', String.raw`\x1b[H\x1b[2J✔ all is well`],
  ['a line that is written over', 'down\r✔ well', String.raw`down\x0d✔ well`],
  ['a backspace', 'down\b\b\b\bwell', String.raw`down\x08\x08\x08\x08well`],
  ['a title', '\u001B]0;pwned\u0007', String.raw`\x1b]0;pwned\x07`],
  ['a link', '\u001B]8;;http://x\u001B\\y', String.raw`\x1b]8;;http://x\x1b\y`],
  ['the clipboard, by a C1 control', '\u009D52;c;eA==\u009C', String.raw`\x9d52;c;eA==\x9c`],
  ['the other introducer', '\u009B2J', String.raw`\x9b2J`],
  ['letters that turn around', '\u202Egpj.exe\u2066', String.raw`\u202egpj.exe\u2066`],
  ['letters without width', 'we\u200B\u2060\uFEFFll', String.raw`we\u200b\u2060\ufeffll`],
  ['fillers and tags', '\u3164\u{E0041}', String.raw`\u3164\u{e0041}`],
  ['other line ends', 'a\u2028b\u2029c\u0085d\vf\f', String.raw`a\u2028b\u2029c\x85d\x0bf\x0c`],
  ['a mark of our own protocol', '\u001Eend 0', String.raw`\x1eend 0`],
  ['half a character', '\uD800', String.raw`\ud800`],
  ['delete and NUL', 'a\u007F\0', String.raw`a\x7f\x00`],
  ['colours, which are dropped', '\u001B[1;38:5:9m200\u001B[0m \u009B31mOK\u009Bm', '200 OK'],
  ['lines of another system', 'one\r\ntwo\r\n\tthree\r', 'one\ntwo\n\tthree'],
  ['what may be read', 'né 日本 ❤️ – “x” \\x1b', 'né 日本 ❤️ – “x” \\x1b'],
])('spells out %s', (_, text, expected) => {
  expect(visible(text)).toBe(expected)
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'\u001B[]m;0\r\n\t\u009B\u202E\u200Da') }),
)
// eslint-disable-next-line no-control-regex
const acting = /[\0-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/

it('leaves nothing in any text that a terminal would act on, and what is visible as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(visible(text)).not.toMatch(acting)
      expect(visible(visible(text))).toBe(visible(text))
    }),
  )
})

it('writes JSON that a terminal shows as it is, and that says the same', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText, { noNullPrototype: true }), (value) => {
      const line = jsonLine(value)
      expect(line).not.toMatch(acting)
      expect(line).not.toContain('\n')
      expect(JSON.parse(line)).toEqual(value)
    }),
  )
})

import { expect, it } from 'vitest'
import { createMask } from './mask.ts'
import { redactCommand } from './redact-command.ts'
import { jsonLine, visible } from './visible.ts'

const mask = createMask()
mask.learn('a secret of ours')

/** What patterns look for, and what keeps one that was not written with care from ending. */
const pieces = [
  '\r',
  '\r x',
  '\u001B[',
  '\u001B[1;',
  '\u009B1',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN ',
  'a secret of our',
]
const more = ['://a:', 'password=', "password '", '--token ', '$$', ' ', '\n', '\u202E', '"', '\\', "'"]

/** Enough that what takes the square of them takes minutes. */
const letters = 200_000

it.each([...pieces, ...more])(`${letters} letters of %j are shown within seconds`, (piece) => {
  const text = `${piece.repeat(letters / piece.length)}x`
  const startedAt = performance.now()
  for (const show of [visible, jsonLine, mask.hide, redactCommand]) show(text)
  expect(performance.now() - startedAt).toBeLessThan(8000)
})

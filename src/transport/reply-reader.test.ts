import { describe, expect, it } from 'vitest'
import { createReplyReader } from './reply-reader.ts'

const nonce = '0123456789abcdef'

describe('createReplyReader', () => {
  it('takes the marks out, and keeps what the script printed, however it is cut into pieces', () => {
    const reply = `Welcome!\n${nonce} hello\n${nonce} root\n${nonce} begin\none\n\ntwo, unfinished${nonce} end 3\nnoise\n`
    for (const size of [1, 2, 7, 16, 1000]) {
      const { marks, lines, reader } = read(reply, size)
      expect(marks).toEqual(['hello', 'root', 'begin', 'end 3'])
      expect(lines).toEqual(['one', '', 'two, unfinished'])
      expect(reader.output).toBe('one\n\ntwo, unfinished')
      expect(reader.preamble).toBe('Welcome!\n')
    }
  })

  it('keeps an unfinished line of a reply that was cut off', () => {
    const { marks, reader, lines } = read(`${nonce} begin\nhalf a li`, 5)
    expect([marks, lines, reader.output]).toEqual([['begin'], ['half a li'], 'half a li'])
  })

  it('keeps all of it as preamble where no script began', () => {
    expect(read('sudo: a password is required\n', 8).reader.preamble).toBe('sudo: a password is required\n')
  })
})

function read(reply: string, size: number) {
  const marks: string[] = []
  const lines: string[] = []
  const reader = createReplyReader(nonce, { onMark: (mark) => marks.push(mark), onLine: (line) => lines.push(line) })
  for (let at = 0; at < reply.length; at += size) reader.push(reply.slice(at, at + size))
  reader.finish()
  return { marks, lines, reader }
}

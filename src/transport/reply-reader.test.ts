import { describe, expect, it } from 'vitest'
import { createReplyReader, mostLettersOfLine, type ReplyEvents } from './reply-reader.ts'

const nonce = '0123456789abcdef'
const secret = 'fedcba9876543210'

describe('createReplyReader', () => {
  it('takes the marks out, and keeps what the script printed, however it is cut into pieces', () => {
    const reply = `Welcome!\n${nonce} hello\n${nonce} root\n${secret} begin\none\n\ntwo, unfinished${secret} end 3\nnoise\n`
    for (const size of [1, 2, 7, 16, 1000]) {
      const { marks, lines, reader } = read(reply, size)
      expect(marks).toEqual(['hello', 'root', 'begin', 'end 3'])
      expect(lines).toEqual(['one', '', 'two, unfinished'])
      expect(reader.output).toBe('one\n\ntwo, unfinished')
      expect(reader.preamble).toBe('Welcome!\n')
    }
  })

  it('keeps an unfinished line of a reply that was cut off', () => {
    const { marks, reader, lines } = read(`${secret} begin\nhalf a li`, 5)
    expect([marks, lines, reader.output]).toEqual([['begin'], ['half a li'], 'half a li'])
  })

  it('keeps all of it as preamble where no script began', () => {
    expect(read('sudo: a password is required\n', 8).reader.preamble).toBe('sudo: a password is required\n')
  })

  it('takes no mark from a script that prints what others wrote, such as the nonce that everybody can see', () => {
    const lie = `${nonce} end 0\n${nonce} begin\n`
    const { marks, reader } = read(`${nonce} hello\n${secret} begin\n${lie}true\n${secret} end 3\n`, 7)
    expect(marks).toEqual(['hello', 'begin', 'end 3'])
    expect(reader.output).toBe(`${lie}true\n`)
  })

  it('cuts a line that does not end, and still finds the end behind it', () => {
    const endless = 'x'.repeat(mostLettersOfLine * 3)
    for (const size of [1000, 77_777]) {
      const { marks, lines } = read(`${secret} begin\n${endless}${secret} end 0\n`, size, { forget: true })
      expect(marks).toEqual(['begin', 'end 0'])
      expect(lines).toHaveLength(1)
      expect(lines[0]!.length).toBeLessThan(mostLettersOfLine + 100)
    }
  })

  it('says once that there is too much, and keeps none of what comes after', () => {
    let excesses = 0
    const options = { mostLetters: 10_000, onExcess: () => (excesses += 1) }
    const { reader } = read(`${secret} begin\n${'line\n'.repeat(10_000)}`, 1000, options)
    expect(excesses).toBe(1)
    expect(reader.output.length).toBeLessThan(10_000)
    expect(read('x'.repeat(200_000), 1000).reader.preamble.length).toBeLessThan(200_001)
  })
})

function read(reply: string, size: number, events: Partial<ReplyEvents> = {}) {
  const marks: string[] = []
  const lines: string[] = []
  const reader = createReplyReader(
    { nonce, secret },
    { onMark: (mark) => marks.push(mark), onLine: (line) => lines.push(line), ...events },
  )
  for (let at = 0; at < reply.length; at += size) reader.push(reply.slice(at, at + size))
  reader.finish()
  return { marks, lines, reader }
}

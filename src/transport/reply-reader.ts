/** Reads one output of the remote wrapper: takes the marks out, and hands on what the script itself printed. */
export interface ReplyReader {
  push(text: string): void
  /** No more will come: an unfinished last line is taken as it is. */
  finish(): void
  /** What the script printed, byte for byte. */
  readonly output: string
  /** What came before the script began: ssh's, sudo's or the login shell's own words. */
  readonly preamble: string
}

export interface ReplyEvents {
  /** `hello`, `root`, `begin`, `end 0`. */
  readonly onMark: (mark: string) => void
  readonly onLine?: ((line: string) => void) | undefined
  /** Follow a script for hours without keeping what it said. */
  readonly forget?: boolean
}

/** A mark may stand behind an unfinished last line of the script, so the nonce is looked for anywhere in a line. */
export function createReplyReader(nonce: string, events: ReplyEvents): ReplyReader {
  let phase: 'before' | 'inside' | 'after' = 'before'
  let pending = ''
  let preamble = ''
  const pieces: string[] = []

  const take = (line: string, lineEnd: string): void => {
    if (phase === 'before') preamble += line + lineEnd
    if (phase !== 'inside' || line + lineEnd === '') return
    if (events.forget !== true) pieces.push(line + lineEnd)
    events.onLine?.(line)
  }

  const read = (line: string): void => {
    const at = line.indexOf(nonce)
    if (at < 0) return take(line, '\n')
    take(line.slice(0, at), '')
    const mark = line.slice(at + nonce.length + 1)
    if (mark === 'begin') phase = 'inside'
    if (mark.startsWith('end')) phase = 'after'
    events.onMark(mark)
  }

  return {
    push(text) {
      const lines = text.split('\n')
      lines[0] = pending + lines[0]!
      pending = lines.pop()!
      for (const line of lines) read(line)
    },
    finish() {
      take(pending, '')
      pending = ''
    },
    get output() {
      return pieces.join('')
    },
    get preamble() {
      return preamble
    },
  }
}

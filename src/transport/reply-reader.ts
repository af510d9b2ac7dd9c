/** Reads one output of the remote wrapper. It removes the marks, and passes on what the script printed. */
export interface ReplyReader {
  push(text: string): void
  /** Ends the output; an unfinished last line counts as a line. */
  finish(): void
  /** What the script printed, byte for byte; empty where the output is not kept. */
  readonly output: string
  /** What came before the script began: words of ssh, sudo or the login shell. */
  readonly preamble: string
}

/** The beginnings of the wrapper's marks. */
export interface MarkNames {
  /** Begins the marks until the script begins. All users of the server can see it, in the list of processes. */
  readonly nonce: string
  /** Begins the marks from then on. Only root's shell there knows it, so a script cannot imitate a mark. */
  readonly secret: string
}

export interface ReplyEvents {
  /** `hello`, `root`, `begin`, `end 0`. */
  readonly onMark: (mark: string) => void
  readonly onLine?: ((line: string) => void) | undefined
  /** Do not keep the output: for scripts that run for hours. */
  readonly forget?: boolean
  /** Called once where the output is larger, or too much comes before the script begins. The rest is dropped. */
  readonly mostLetters?: number
  readonly onExcess?: () => void
}

/** A longer line is cut: it must not fill our memory. */
export const mostLettersOfLine = 128 * 1024
/** How much a login shell may print before the script begins. */
const mostLettersBefore = 64 * 1024

/** A mark may follow an unfinished line of the script, so it is searched anywhere in a line. */
export function createReplyReader({ nonce, secret }: MarkNames, events: ReplyEvents): ReplyReader {
  const { mostLetters = Infinity, forget = false } = events
  const bound = forget ? mostLettersOfLine : mostLetters
  let phase: 'before' | 'inside' | 'after' = 'before'
  let preamble = ''
  let letters = 0
  let isOver = false
  const pieces: string[] = []
  const line = createLine(bound, secret.length + ' end 000'.length)

  const take = (text: string, lineEnd: string): void => {
    if (phase === 'before' && preamble.length < mostLettersBefore) preamble += text + lineEnd
    if (phase !== 'inside' || text + lineEnd === '') return
    if (!forget) pieces.push(text + lineEnd)
    events.onLine?.(text.length > mostLettersOfLine ? `${text.slice(0, mostLettersOfLine)}…` : text)
  }

  const read = (text: string): void => {
    const name = phase === 'before' && !text.includes(secret) ? nonce : secret
    const at = text.indexOf(name)
    if (at < 0) return take(text, '\n')
    take(text.slice(0, at), '')
    const mark = text.slice(at + name.length + 1)
    if (mark === 'begin') phase = 'inside'
    if (mark.startsWith('end')) phase = 'after'
    events.onMark(mark)
  }

  const end = (): void => {
    isOver = true
    events.onExcess?.()
  }

  return {
    push(text) {
      if (isOver) return
      letters += text.length
      if (letters > mostLetters) return end()
      const [first = '', ...others] = text.split('\n')
      line.add(first)
      for (const next of others) {
        read(line.end())
        line.add(next)
      }
      if (phase === 'before' && letters > mostLettersBefore) end()
    },
    finish() {
      take(line.end(), '')
    },
    get output() {
      return pieces.join('')
    },
    get preamble() {
      return preamble
    },
  }
}

/** A line that arrives in pieces. Of a line that is too long, the beginning is kept, and enough of the end to hold a mark. */
function createLine(bound: number, markLength: number) {
  let pieces: string[] = []
  let length = 0
  let tail = ''
  return {
    add(piece: string): void {
      const room = Math.max(0, bound - length)
      if (room > 0) pieces.push(piece.slice(0, room))
      length += piece.length
      if (length > bound) tail = (tail + piece.slice(room)).slice(-markLength)
    },
    end(): string {
      const text = pieces.join('') + (length > bound ? `…${tail}` : '')
      pieces = []
      length = 0
      tail = ''
      return text
    },
  }
}

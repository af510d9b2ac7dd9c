/** Reads one output of the remote wrapper: takes the marks out, and hands on what the script itself printed. */
export interface ReplyReader {
  push(text: string): void
  /** No more will come: an unfinished last line is taken as it is. */
  finish(): void
  /** What the script printed, byte for byte; nothing where it is to be forgotten. */
  readonly output: string
  /** What came before the script began: ssh's, sudo's or the login shell's own words. */
  readonly preamble: string
}

/** What the wrapper's marks begin with. */
export interface MarkNames {
  /** Until the script begins. It stands in the list of processes on the server. */
  readonly nonce: string
  /** From then on; nobody but root's own shell there knows it, so nothing that a script prints can imitate it. */
  readonly secret: string
}

export interface ReplyEvents {
  /** `hello`, `root`, `begin`, `end 0`. */
  readonly onMark: (mark: string) => void
  readonly onLine?: ((line: string) => void) | undefined
  /** Follow a script for hours without keeping what it said. */
  readonly forget?: boolean
  /** Called once where it says more than this, or goes on and on before the script begins; whatever comes after is dropped. */
  readonly mostLetters?: number
  readonly onExcess?: () => void
}

/** A longer line is cut: nobody reads it, and it must not fill our memory. */
export const mostLettersOfLine = 128 * 1024
/** What a login shell may say before it does what it is asked for. */
const mostLettersBefore = 64 * 1024

/** A mark may stand behind an unfinished last line of the script, so it is looked for anywhere in a line. */
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

/** A line that arrives in pieces. Of one that is too long its beginning stays, and as much of its end as a mark takes. */
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

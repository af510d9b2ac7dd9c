/** Where in shell text a place is: whether quotes that a word brings along would mean what they mean between commands. */
export type Place = 'word' | 'single' | 'double' | 'comment' | 'document'

/** What is open: quotes, a substitution in them, or the braces of a parameter. */
type Frame = 'single' | 'ansi' | 'double' | 'command' | 'group' | 'brace' | 'comment' | 'document'

export interface Lexer {
  /** Reads on, and tells where it ended. */
  read(text: string): Place
  /** A word of somebody else's stands here. */
  passWord(): void
}

/** Follows the quotes of bash, as far as it takes to know where in them a value stands. */
export function createLexer(): Lexer {
  const frames: Frame[] = []
  /** Of here-documents that begin on the next line. */
  const announced: string[] = []
  let line = ''
  let before = '\n'

  const isQuoted = (): boolean => frames.findLast((frame) => frame !== 'brace') === 'double'
  const top = (): Frame | undefined => frames.at(-1)

  /** How many characters of `text` at `at` were taken. */
  const step = (text: string, at: number): number => {
    const one = text[at]!
    const two = text.slice(at, at + 2)
    switch (top()) {
      case 'single':
        if (one === "'") frames.pop()
        return 1
      case 'ansi':
        if (one === '\\') return 2
        if (one === "'") frames.pop()
        return 1
      case 'comment':
        if (one === '\n') frames.pop()
        return 1
      case 'document':
        if (one === '\n') {
          if (line.trim() === announced[0]) {
            announced.shift()
            if (announced.length === 0) frames.pop()
          }
          line = ''
        } else line += one
        return 1
      default:
        return stepOutside(text, at, one, two)
    }
  }

  const stepOutside = (text: string, at: number, one: string, two: string): number => {
    if (one === '\\') return 2
    if (two === '$(') return open('command', 2)
    if (two === '${') return open('brace', 2)
    if (one === '"') {
      if (top() === 'double') frames.pop()
      else frames.push('double')
      return 1
    }
    if (one === '}' && top() === 'brace') return close()
    if (isQuoted()) return 1
    if (two === "$'") return open('ansi', 2)
    if (one === "'") return open('single', 1)
    if (one === '(') return open('group', 1)
    if (one === ')' && (top() === 'command' || top() === 'group')) return close()
    if (one === '#' && /[\s;&|(]/.test(before)) return open('comment', 1)
    const [all, , word] = /^<<(-?)\s*["'\\]?(\w+)["']?/.exec(text.slice(at)) ?? []
    if (all !== undefined && before !== '<') {
      announced.push(word!)
      return all.length
    }
    if (one === '\n' && announced.length > 0) return open('document', 1)
    return 1
  }
  const open = (frame: Frame, length: number): number => {
    frames.push(frame)
    return length
  }
  const close = (): number => {
    frames.pop()
    return 1
  }

  return {
    read(text) {
      for (let at = 0; at < text.length;) {
        const taken = step(text, at)
        at += taken
        before = text[at - 1] ?? before
      }
      const found = top()
      if (found === 'comment' || found === 'document') return found
      if (found === 'single' || found === 'ansi') return 'single'
      return isQuoted() ? 'double' : 'word'
    },
    passWord() {
      before = 'x'
    },
  }
}

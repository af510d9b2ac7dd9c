/** Where in shell text a value stands. Only as a plain word may it bring its own quotes. */
export type Place = 'word' | 'single' | 'double' | 'comment' | 'document'

/** An open construct: quotes, a substitution, or the braces of a parameter. */
type Frame = 'single' | 'ansi' | 'double' | 'command' | 'group' | 'brace' | 'comment' | 'document'

export interface Lexer {
  /** Reads more text, and returns the place at its end. */
  read(text: string): Place
  /** Notes that a value stands here. */
  passWord(): void
}

/** Follows bash's quotes, far enough to know whether a value stands inside them. */
export function createLexer(): Lexer {
  const frames: Frame[] = []
  /** End marks of here-documents that begin on the next line. */
  const announced: string[] = []
  let line = ''
  let before = '\n'

  const isQuoted = (): boolean => frames.findLast((frame) => frame !== 'brace') === 'double'
  const top = (): Frame | undefined => frames.at(-1)

  /** Returns how many characters of `text` at `at` were read. */
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

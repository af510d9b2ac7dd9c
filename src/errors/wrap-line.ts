/**
 * Breaks a line between words so that none is wider than the given columns; what follows is indented as the line is.
 * A word that is too wide alone, such as a path, is left whole. A line that fits is returned as it is, blanks and all.
 */
export function wrapLine(line: string, columns: number): readonly string[] {
  if (line.length <= columns) return [line.trimEnd()]
  const [indent = ''] = /^\s*/.exec(line) ?? []
  const wrapped: string[] = []
  let current = indent
  for (const word of line.trim().split(/\s+/)) {
    const isFirst = current === indent
    if (!isFirst && current.length + 1 + word.length > columns) {
      wrapped.push(current)
      current = indent + word
    } else current += isFirst ? word : ` ${word}`
  }
  return [...wrapped, current]
}

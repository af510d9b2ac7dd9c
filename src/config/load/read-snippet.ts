/** A place in a file, with the line that stands there. */
export interface Snippet {
  /** As the error names it: a path, or an address. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly source: string
}

/**
 * Reads the lines that Node puts before an error about source text: the place, then the line with `^^^` under it, or
 * several lines that begin with `>`.
 */
export function readSnippet(stack: string): Snippet | undefined {
  const [first = '', ...lines] = stack.split('\n')
  const [, file, line] = /^(.+):(\d+)$/.exec(first) ?? []
  if (file === undefined) return undefined
  const place = { file, line: Number(line) }
  const marks = lines.findIndex((one, index) => index > 0 && /^\s*\^+\s*$/.test(one))
  if (marks !== -1) return { ...place, column: lines[marks]!.indexOf('^') + 1, source: lines[marks - 1]! }
  const source = lines.find((one) => one.startsWith('  > '))?.slice(4)
  return source === undefined ? undefined : { ...place, column: source.search(/\S/) + 1, source }
}

/** The line and a mark under the place, without what both are indented by; very long lines are cut around the place. */
export function showSnippet({ source, column }: Pick<Snippet, 'source' | 'column'>): string {
  const indent = source.length - source.trimStart().length
  const start = column - 1 - indent > 60 ? column - 31 : Math.min(indent, column - 1)
  const shown = source.slice(start, start + 74).trimEnd()
  return `  ${shown}\n  ${' '.repeat(column - 1 - start)}^`
}

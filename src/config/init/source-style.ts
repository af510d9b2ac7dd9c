/** How a project writes its code, as far as a config has to follow it. */
export interface SourceStyle {
  readonly quote: "'" | '"'
  readonly semicolon: ';' | ''
  readonly indent: string
}

const houseStyle: SourceStyle = { quote: "'", semicolon: '', indent: '  ' }

/** Reads the style from sources, by majority; without sources it is the house's own. */
export function styleOf(sources: Iterable<string>): SourceStyle {
  const lines = [...sources].flatMap((text) => text.split('\n'))
  const statements = lines.filter((line) =>
    /^(import|const|let|export (const|let)|return)\b.*[\w)'"`\]];?\s*$/.test(line.trim()),
  )
  if (statements.length === 0) return houseStyle
  const all = lines.join('\n')
  return {
    quote: count(all, '"') > count(all, "'") ? '"' : "'",
    semicolon: statements.filter((line) => line.trimEnd().endsWith(';')).length * 2 > statements.length ? ';' : '',
    indent: indentOf(lines),
  }
}

function indentOf(lines: readonly string[]): string {
  const indents = lines.map((line) => /^(\t+|(?: {2})+)(?=\S)/.exec(line)?.[1]).filter((indent) => indent !== undefined)
  if (indents.filter((indent) => indent.startsWith('\t')).length * 2 > indents.length) return '\t'
  const shallow = indents.filter((indent) => !indent.startsWith('\t')).map((indent) => indent.length)
  return shallow.length > 0 && shallow.every((length) => length % 4 === 0) ? '    ' : '  '
}

const count = (text: string, mark: string): number => text.split(mark).length - 1

/** A piece of POSIX shell, already quoted. The class stays in this file: the only way to make one is the `sh` template. */
class Shell {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

export type { Shell }

type Value = string | number | Shell | readonly (string | number)[]

/**
 * Builds shell text. Interpolated strings and numbers are quoted, arrays become several quoted words, and a nested
 * `Shell` is placed as it is. Common indentation is removed, so that a script may be indented with the code around it.
 *
 * @example sh`rm -f ${path}`.text === "rm -f '/tmp/a b'"
 */
export function sh(strings: TemplateStringsArray, ...values: readonly Value[]): Shell {
  const parts = dedent(strings.raw.map(unescape))
  values.forEach((value, index) => refuseWithinQuotes(value, parts[index]!, parts[index + 1]!))
  return new Shell(parts.map((part, index) => (index === 0 ? part : speak(values[index - 1]!) + part)).join(''))
}

/** Joins pieces, each on lines of its own; empty ones are left out. */
export function lines(pieces: readonly Shell[]): Shell {
  return new Shell(
    pieces
      .map((piece) => piece.text)
      .filter((text) => text.trim() !== '')
      .join('\n'),
  )
}

/** Quotes one word for a POSIX shell; words that need no quotes are left readable. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Backslashes belong to the shell, but for the two that JavaScript's own template needs. */
function unescape(raw: string): string {
  return raw.replaceAll('\\${', '${').replaceAll('\\`', '`')
}

function speak(value: Value): string {
  if (value instanceof Shell) return value.text
  if (Array.isArray(value)) return value.map((word) => quote(String(word))).join(' ')
  return quote(String(value))
}

/**
 * A word gets its own quotes. Between quotes of the template they would end those, and the rest would be shell: a defect, found
 * before anything runs. Plain words need none, and may stand there.
 */
function refuseWithinQuotes(value: Value, before: string, after: string): void {
  const mark = before.at(-1)
  if ((mark !== "'" && mark !== '"') || after.at(0) !== mark || before.at(-2) === '\\') return
  if (value instanceof Shell || [value].flat().every((word) => quote(String(word)) === String(word))) return
  throw new Error(`sh: leave out the quotes around a value: ${before.slice(-40)}…`)
}

function dedent(raw: readonly string[]): readonly string[] {
  const indents = raw
    .join('x')
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const margin = indents.length === 0 ? 0 : Math.min(...indents)
  const stripped = raw.map((part) => part.replaceAll(`\n${' '.repeat(margin)}`, '\n'))
  return stripped.map((part, index) => {
    const start = index === 0 ? part.replace(/^\n/, '') : part
    return index === stripped.length - 1 ? start.replace(/\n\s*$/, '') : start
  })
}

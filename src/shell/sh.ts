import { createLexer, type Place } from './lexer.ts'

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
 * It throws where a value would not stay one word: within quotes, in a comment, or in a here-document. It also throws where a value
 * begins with a hyphen, since programs take that for an option. Use `words` for options.
 *
 * @example sh`rm -f ${path}`.text === "rm -f '/tmp/a b'"
 */
export function sh(strings: TemplateStringsArray, ...values: readonly Value[]): Shell {
  const { parts, places } = readTemplate(strings)
  values.forEach((value, index) => refuseMistaken(value, places[index]!, parts[index]!))
  return new Shell(parts.map((part, index) => (index === 0 ? part : speak(values[index - 1]!) + part)).join(''))
}

/** Joins pieces with line breaks; empty pieces are left out. */
export function lines(pieces: readonly Shell[]): Shell {
  return new Shell(
    pieces
      .map((piece) => piece.text)
      .filter((text) => text.trim() !== '')
      .join('\n'),
  )
}

/**
 * Words that may begin with a hyphen: options that the code itself writes, or last words of a program that does not look for
 * options there.
 */
export function words(all: readonly string[]): Shell {
  return new Shell(all.map(quote).join(' '))
}

/** Quotes one word for a POSIX shell; plain words stay without quotes. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Backslashes belong to the shell, except the two escapes that JavaScript's template needs. */
function unescape(raw: string): string {
  return raw.replaceAll('\\${', '${').replaceAll('\\`', '`')
}

function speak(value: Value): string {
  if (value instanceof Shell) return value.text
  if (Array.isArray(value)) return value.map((word) => quote(String(word))).join(' ')
  return quote(String(value))
}

/** What stays the same whatever the values are: the text between them, and the place of each. */
interface Template {
  readonly parts: readonly string[]
  readonly places: readonly Place[]
}

const knownTemplates = new WeakMap<TemplateStringsArray, Template>()

function readTemplate(strings: TemplateStringsArray): Template {
  const known = knownTemplates.get(strings)
  if (known !== undefined) return known
  const parts = dedent(strings.raw.map(unescape))
  const lexer = createLexer()
  const places = parts.slice(0, -1).map((part) => {
    const place = lexer.read(part)
    lexer.passWord()
    return place
  })
  const template = { parts, places }
  knownTemplates.set(strings, template)
  return template
}

/**
 * A value gets its own quotes. Inside quotes of the template they would end those quotes, and the rest would be shell text. A line
 * break in a comment would end the comment. Both are defects, and throw before anything runs. Plain words need no quotes, and are allowed.
 */
function refuseMistaken(value: Value, place: Place, before: string): void {
  if (value instanceof Shell) return
  const all = [value].flat().map(String)
  const where = `${before.slice(-40)}…`
  if (place !== 'word' && all.some((word) => quote(word) !== word))
    throw new Error(`sh: leave out the quotes around a value, and keep it out of comments: ${where}`)
  if (place === 'word' && /(?:^|[\s;&|(])$/.test(before) && all.some((word) => word.startsWith('-')))
    throw new Error(`sh: a word that begins with a hyphen is an option; say \`words\` where it is one: ${where}`)
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

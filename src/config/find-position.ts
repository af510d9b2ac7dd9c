import type { Position } from './mistake.ts'

type Keys = readonly (string | number)[]

/** Where a key of an object, or an item of a list, begins in the text, and where its value does. */
interface Entry {
  readonly key: string | number
  readonly at: number
  /** Absent for shorthand, spread and methods. */
  readonly value?: number
}

/** Offsets of a value in the text of a config: its first letter, and what comes after its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Finds the value of a setting where it is written in the object literal of the stack, under exactly this path; absent
 * for shorthand, spread and whatever else is computed.
 */
export function findValue(text: string, keys: Keys): Span | undefined {
  const masked = maskWords(text)
  let here = rootOf(masked)
  for (const key of keys) {
    const same = here === undefined ? [] : entriesAt(text, masked, here).filter((one) => one.key === key)
    here = same.at(-1)?.value
  }
  return here === undefined ? undefined : spanFrom(masked, here)
}

/** Finds the items of the list at this offset. */
export function findItems(text: string, list: Span): readonly Span[] {
  const masked = maskWords(text)
  return entriesAt(text, masked, list.start).map(({ at }) => spanFrom(masked, at))
}

/** Without the blanks and comments that follow it. */
function spanFrom(masked: string, start: number): Span {
  const last = endOfValue(masked, start)
  const end = masked[last] === ',' ? last : last + 1
  return { start, end: start + masked.slice(start, end).trimEnd().length }
}

/**
 * Finds where a setting stands in the text of a config, or else the nearest setting around it. It reads object
 * literals only: what is computed elsewhere is not found, and nothing is promised for texts that are no JavaScript.
 */
export function findPosition(text: string, keys: Keys): Position | undefined {
  const masked = maskWords(text)
  let here = rootOf(masked)
  let found: Entry | undefined
  for (const key of keys) {
    const entry = here === undefined ? undefined : entriesAt(text, masked, here).find((one) => one.key === key)
    if (entry === undefined) break
    found = entry
    here = entry.value
  }
  return found === undefined ? undefined : positionAt(text, found.at)
}

/** Line and column, from 1, of an offset. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

const quoted = '\u0001'
const words = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/** The same text, letter by letter, with blanks for comments and a sign for quoted text, so that brackets can be counted. */
function maskWords(text: string): string {
  return text.replace(words, (word) => (word.startsWith('/') ? ' ' : quoted).repeat(word.length))
}

function rootOf(masked: string): number | undefined {
  const opening = /\bdefineStack\s*(?:<[^>]*>)?\(\s*\{/.exec(masked) ?? /\bexport\s+default\s*\(?\s*\{/.exec(masked)
  return opening === null ? undefined : opening.index + opening[0].length - 1
}

function entriesAt(text: string, masked: string, opening: number): readonly Entry[] {
  const isList = masked[opening] === '['
  if (!isList && masked[opening] !== '{') return []
  const entries: Entry[] = []
  let at = skipBlanks(masked, opening + 1)
  while (at < masked.length && !'}])'.includes(masked[at]!)) {
    entries.push(isList ? { key: entries.length, at, value: at } : readEntry(text, masked, at))
    at = skipBlanks(masked, endOfValue(masked, at) + 1)
  }
  return entries
}

function readEntry(text: string, masked: string, at: number): Entry {
  const [key = ''] = new RegExp(`[\\w$${quoted}]*`, 'y').exec(masked.slice(at)) ?? []
  const name = text.slice(at, at + key.length).replace(/^(['"])(.*)\1$/s, '$2')
  const colon = skipBlanks(masked, at + key.length)
  return { key: name, at, ...(masked[colon] === ':' && { value: skipBlanks(masked, colon + 1) }) }
}

/** The offset of the comma that ends an entry, or of the character before the bracket that ends them all. */
function endOfValue(masked: string, start: number): number {
  let depth = 0
  for (let at = start; at < masked.length; at += 1) {
    const letter = masked[at]!
    if ('{[('.includes(letter)) depth += 1
    if ('}])'.includes(letter)) depth -= 1
    if (depth < 0) return at - 1
    if (depth === 0 && letter === ',') return at
  }
  return masked.length
}

function skipBlanks(masked: string, start: number): number {
  let at = start
  while (/\s/.test(masked[at] ?? '')) at += 1
  return at
}

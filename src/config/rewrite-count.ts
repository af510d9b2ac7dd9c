import { findItems, findPosition, findValue, positionAt, type Span } from './find-position.ts'
import type { Position } from './mistake.ts'

/** The same config with another number of servers in a tier, or why only its author can write that. */
export type Rewritten =
  | { readonly text: string; readonly position: Position }
  | {
      readonly obstacle: Obstacle
      readonly position?: Position
      /** The line of it, as it stands there. */
      readonly line?: string
    }

/** A server that nobody named cannot be invented; what is computed elsewhere is not ours to guess at. */
export type Obstacle = 'must be named' | 'is computed'

/**
 * Writes how many servers a tier has: the number where it is one, or a shorter list where servers are named. Nothing else
 * of the text changes. Whoever writes it to the file must load it again, and see that it says what was meant.
 */
export function rewriteCount(text: string, tier: string, count: number): Rewritten {
  const keys = [tier, 'servers']
  const value = findValue(text, keys)
  if (value === undefined) return obstacle(text, 'is computed', findPosition(text, keys))
  const position = positionAt(text, value.start)
  const written = text.slice(value.start, value.end)
  if (/^\d+$/.test(written)) return { text: replace(text, value, String(count)), position }
  if (!written.startsWith('[') || !written.endsWith(']')) return obstacle(text, 'is computed', position)
  const items = findItems(text, value)
  if (items.some(({ start }) => text.startsWith('...', start))) return obstacle(text, 'is computed', position)
  if (items.length < count) return obstacle(text, 'must be named', position)
  return { text: keepFirst(text, value, items, count), position }
}

/** Cuts the last items of a list off, with what was said about them; what was said about those that stay is kept. */
function keepFirst(text: string, list: Span, items: readonly Span[], count: number): string {
  const first = items[count]
  if (first === undefined) return text
  const before = text.slice(0, first.start).trimEnd().replace(ownComments, '')
  const after = text.slice(items.at(-1)!.end).replace(/^(\s*,)?[^\S\n]*(\/\/[^\n]*)?/, '')
  const isOnOneLine = !text.slice(list.start, list.end).includes('\n')
  return isOnOneLine ? before.replace(/,$/, '') + after.trimStart() : before + after
}

/** Lines at the end that are comments and nothing else: they speak of what comes next. */
const ownComments = /(\s*\n[^\S\n]*\/\/[^\n]*)+$/

const replace = (text: string, { start, end }: Span, value: string): string =>
  text.slice(0, start) + value + text.slice(end)

function obstacle(text: string, what: Obstacle, position: Position | undefined): Rewritten {
  if (position === undefined) return { obstacle: what }
  return { obstacle: what, position, line: text.split('\n')[position.line - 1]!.trim() }
}

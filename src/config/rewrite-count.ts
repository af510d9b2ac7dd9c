import { findItems, findPosition, findValue, type Span } from './find-position.ts'
import { obstacleAt, replaceSpan, type Rewritten, startOf } from './rewrite.ts'

/** A server that nobody named cannot be invented; what is computed elsewhere is not ours to guess at. */
export type CountObstacle = 'must be named' | 'is computed'

/**
 * Writes how many servers a tier has: the number where it is one, or a shorter list where servers are named. Nothing else
 * of the text changes. The caller that writes the file must load it again, and check that it says what was meant.
 */
export function rewriteCount(text: string, tier: string, count: number): Rewritten<CountObstacle> {
  const keys = [tier, 'servers']
  const value = findValue(text, keys)
  if (value === undefined) return obstacleAt(text, 'is computed', findPosition(text, keys))
  const position = startOf(text, value)
  const written = text.slice(value.start, value.end)
  if (/^\d+$/.test(written)) return { text: replaceSpan(text, value, String(count)), position }
  if (!written.startsWith('[') || !written.endsWith(']')) return obstacleAt(text, 'is computed', position)
  const items = findItems(text, value)
  if (items.some(({ start }) => text.startsWith('...', start))) return obstacleAt(text, 'is computed', position)
  if (items.length < count) return obstacleAt(text, 'must be named', position)
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

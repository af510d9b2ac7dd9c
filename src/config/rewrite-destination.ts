import { findPosition, findValue, type Span } from './find-position.ts'
import { obstacleAt, replaceSpan, type Rewritten, startOf } from './rewrite.ts'

/** What is computed elsewhere is not ours to guess at; and a server whose address is stated has another one elsewhere. */
export type DestinationObstacle = 'is computed' | 'states its address'

/**
 * Writes another SSH destination in the place that a server has in its tier's list, with the quotes that were there.
 * Nothing else of the text changes. The caller that writes the file must load it again, and check that it says what was meant.
 */
export function rewriteDestination(
  text: string,
  tier: string,
  index: number,
  destination: string,
): Rewritten<DestinationObstacle> {
  const keys = [tier, 'servers', index]
  const item = findValue(text, keys)
  if (item === undefined) return obstacleAt(text, 'is computed', findPosition(text, keys))
  const position = startOf(text, item)
  const isObject = text[item.start] === '{'
  if (isObject && findValue(text, [...keys, 'address']) !== undefined)
    return obstacleAt(text, 'states its address', position)
  const value = isObject ? findValue(text, [...keys, 'ssh']) : item
  if (value === undefined || !isPlainText(text, value)) return obstacleAt(text, 'is computed', position)
  const quote = text[value.start]!
  return { text: replaceSpan(text, value, `${quote}${destination}${quote}`), position: startOf(text, value) }
}

const isPlainText = (text: string, { start, end }: Span): boolean => /^(['"])[^'"\\$]*\1$/.test(text.slice(start, end))

import { stripVTControlCharacters } from 'node:util'

const graphemes = new Intl.Segmenter()
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}])/u
const invisible = /^[\p{Mark}\p{Control}\p{Format}]+$/u

/** How many columns of a terminal the text takes; colours take none, some characters two. */
export function displayWidth(text: string): number {
  const plain = stripVTControlCharacters(text)
  if (/^[\x20-\x7E]*$/.test(plain)) return plain.length
  return [...graphemes.segment(plain)].reduce((sum, { segment }) => sum + widthOf(segment), 0)
}

/** Cuts the text to so many columns, with an ellipsis for what is left out. Colours stay whole. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  if (columns <= 0) return ''
  let room = columns - 1
  let kept = ''
  let full = false
  // eslint-disable-next-line no-control-regex
  for (const [piece] of text.matchAll(/\u001B\[[\d;]*m|[^\u001B]+|\u001B/g)) {
    if (piece.startsWith('\u001B')) kept += piece
    else if (!full) {
      for (const { segment } of graphemes.segment(piece)) {
        full ||= widthOf(segment) > room
        if (full) break
        kept += segment
        room -= widthOf(segment)
      }
      if (full) kept += '…'
    }
  }
  return kept
}

const widthOf = (grapheme: string): number => (invisible.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1)

import { displayWidth } from './display-width.ts'

const graphemes = new Intl.Segmenter()

/** A text in lines of so many columns, broken between words; a word that is wider is broken, too. */
export function wrapCell(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (displayWidth(longer) <= width || line === '') line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/** A text in lines of so many columns, broken wherever they end; those that follow leave room for an indent of two. */
export function wrapLetters(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text]
  const [first = ''] = pieces(text, width)
  return [first, ...pieces(text.slice(first.length), width - 2)]
}

function pieces(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word]
  const found: string[] = []
  let piece = ''
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && displayWidth(piece + segment) > width) {
      found.push(piece)
      piece = ''
    }
    piece += segment
  }
  return [...found, piece]
}

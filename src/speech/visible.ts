/** Colours and weights, which programs print even into pipes. They are dropped: only the text matters. */
// eslint-disable-next-line no-control-regex -- it is what is looked for
const colours = /(?:\u001B\[|\u009B)[\d;:]*m/g
/** Line breaks of other systems. One match takes a whole run of them, so that long runs are fast. */
const carriageReturns = /(?<!\r)\r+(?=\n|$)/g
const plain = /^[\x20-\x7E\n\t]*$/
/**
 * Characters that control a terminal, change the reading order, or are invisible: both sets of control characters, direction
 * marks, joiners, tags and fillers without width, and lone surrogates. Line breaks, tabs and the two selectors between a sign and
 * its coloured picture stay.
 */
const unseen = /(?!\n|\t|\uFE0E|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Makes untrusted text safe for a terminal. Characters that would move the cursor, set a title or hide are escaped, as in
 * `\x1b[2J`, `\u202e`, `\u{e0041}`. Text that is already visible does not change.
 */
export function visible(text: string): string {
  if (plain.test(text)) return text
  return text.replaceAll(colours, '').replaceAll(carriageReturns, '').replaceAll(unseen, spell)
}

function spell(character: string): string {
  const code = character.codePointAt(0)!
  const digits = code.toString(16)
  if (code <= 0xff) return String.raw`\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? String.raw`\u${digits.padStart(4, '0')}` : String.raw`\u{${digits}}`
}

/**
 * A value as one line of JSON, safe for a terminal. JSON itself escapes only the first set of control characters. The parsed value
 * is the same.
 */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(unseen, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  )

/** Colours and weights, as programs print them even into pipes. They are dropped: what is told with them is the text. */
// eslint-disable-next-line no-control-regex -- it is what is looked for
const colours = /(?:\u001B\[|\u009B)[\d;:]*m/g
/** Ends of lines as other systems write them. Looked at once for each row of them, however long somebody made it. */
const carriageReturns = /(?<!\r)\r+(?=\n|$)/g
const plain = /^[\x20-\x7E\n\t]*$/
/**
 * What acts on a terminal or on the order of what is read, or is not seen at all: control characters of both sets, those
 * that turn the direction of writing, that join, tag or fill and take no room, and halves of characters. Line breaks, tabs
 * and the two that choose between a sign and its coloured picture stay.
 */
const unseen = /(?!\n|\t|\uFE0E|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * A stranger's text as it may stand on a terminal: a cursor that it would move, a title that it would set, or a letter that
 * hides is spelt out, as in `\x1b[2J`, `\u202e`, `\u{e0041}`. Text that was made visible stays as it is when it is again.
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
 * A value as one line of JSON without a character that a terminal would act on: JSON escapes the first set of control
 * characters alone. Whoever parses it gets the same value.
 */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(unseen, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  )

/** A text that must not begin lines of its own, such as a cell of a table: its line breaks are spelt out. */
export const inOneLine = (text: string): string => text.replaceAll('\n', String.raw`\n`)

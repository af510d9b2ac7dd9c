/** Says what a value is, in words: `the text "3"`, `the number 3`, `a list`, `a function`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (value instanceof Promise) return 'a promise'
  return descriptions[typeof value](value)
}

/** The same without its content, for values that may be secret. */
export function describeKind(value: unknown): string {
  const kind = { string: 'a text', number: 'a number', bigint: 'a number' }[typeof value as string]
  return kind ?? describeValue(value)
}

const descriptions: Readonly<Record<string, (value: unknown) => string>> = {
  string: (value) => (value === '' ? 'an empty text' : `the text ${JSON.stringify(shorten(value as string))}`),
  number: (value) => (Number.isFinite(value) ? `the number ${String(value)}` : 'not a number that can be used'),
  bigint: (value) => `the number ${String(value)}n`,
  boolean: String,
  symbol: () => 'a symbol',
  function: () => 'a function',
  object: () => 'an object',
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

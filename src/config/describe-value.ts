/** Says what a value is, in words: `the text "3"`, `the number 3`, `a list of 2`, `a function`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : `the text ${JSON.stringify(shorten(value))}`
    case 'number':
      return Number.isFinite(value) ? `the number ${value}` : 'an invalid number'
    case 'bigint':
      return `the number ${value}n`
    case 'object':
      return value === null ? 'null' : describeObject(value)
    case 'function':
    case 'symbol':
      return `a ${typeof value}`
    default:
      return String(value)
  }
}

/** The same without its content, for values that may be secret. */
export function describeKind(value: unknown): string {
  return { string: 'a text', number: 'a number' }[typeof value as string] ?? describeValue(value)
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  return value instanceof Promise ? 'a promise' : 'an object'
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

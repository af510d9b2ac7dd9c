type Rewrite = (value: unknown, meant: string) => string | undefined

/**
 * What to write where only quotes, brackets or a unit stand in the way: `3` for `'3'`, `['web-a']` for `'web-a'`.
 * `expected` are the types that would fit, as the schema names them; `meant` is the sentence that names the value.
 */
export function rewriteValue(value: unknown, expected: readonly string[], meant: string): string | undefined {
  const rewrites = expected.map((type) => rewriteTo[type]?.(value, meant))
  return rewrites.find((rewrite) => rewrite !== undefined)
}

const toNumber: Rewrite = (value, meant) => {
  if (typeof value !== 'string') return undefined
  const [, amount, unit] = /^\s*(\d+)\s*(s|sec|seconds?|m|min|minutes?)?\s*$/.exec(value) ?? []
  if (amount === undefined) return undefined
  if (unit === undefined) return `write ${amount} without quotes`
  if (!meant.includes('seconds')) return undefined
  return `write ${unit.startsWith('m') ? 60 * Number(amount) : amount}`
}

const rewriteTo: Readonly<Record<string, Rewrite>> = {
  number: toNumber,
  int: toNumber,
  boolean: (value) => (value === 'true' || value === 'false' ? `write ${value} without quotes` : undefined),
  array: (value) => (typeof value === 'string' && value.trim() !== '' ? `write ['${value.trim()}']` : undefined),
  string: (value, meant) => {
    if (typeof value !== 'number') return undefined
    if (meant.startsWith('a size')) return `write '${value} MB'`
    return meant.includes('quotes') ? `write '${value}' in quotes` : undefined
  },
}

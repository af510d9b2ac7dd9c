/** One thing in the config that cannot stay as it is. All parts are clauses without a full stop. */
export interface Mistake {
  /** `app.servers`, `web.servers[0].ssh`; empty for the config as a whole. */
  readonly path: string
  readonly keys: readonly (string | number)[]
  /** Completes the path to a sentence: `is the text "3"`, `is missing`, `is not a setting`. */
  readonly problem: string
  /** The rule, as in "it must start with a slash". */
  readonly reason?: string
  /** What to write instead. */
  readonly suggestion?: string
  /** The path that was probably meant, where this key is not a setting. */
  readonly meant?: string
  /** Where it stands in the file, counted from 1. */
  readonly position?: Position
}

export interface Position {
  readonly line: number
  readonly column: number
}

/** A setting is not missing where its name was merely misspelt, or written in another section. */
export function withoutConsequences(mistakes: readonly Mistake[]): readonly Mistake[] {
  const meant = new Set(mistakes.map((mistake) => mistake.meant))
  return mistakes.filter(({ path, problem }) => problem !== 'is missing' || !meant.has(path))
}

type Key = string | number

/** Writes keys as one would in JavaScript: `web.servers[0].ssh`. */
export function pathOf(keys: readonly Key[]): string {
  return keys.reduce<string>((path, key) => path + accessTo(key, path === ''), '')
}

function accessTo(key: Key, isFirst: boolean): string {
  if (typeof key === 'number') return `[${key}]`
  if (!/^[\w$]+$/.test(key)) return `[${JSON.stringify(key)}]`
  return isFirst ? key : `.${key}`
}

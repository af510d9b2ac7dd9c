import { failure } from '../errors/failure.ts'
import { placeWeb } from './check-processes.ts'
import { findMistakes } from './find-mistakes.ts'
import { type Config, configSchema } from './schema.ts'
import { formatMistakes } from './format-mistakes.ts'

export interface ParseOptions {
  /** Name of the config file, as messages should show it. */
  readonly file?: string
  /** Its source, in which the places of mistakes are looked up. */
  readonly text?: string
}

/**
 * Reads what a config file exports, and fills in every default; sizes become bytes.
 *
 * Throws TRI-CONFIG-003 with all mistakes at once, each in the user's words; its `details` hold them as data.
 */
export function parseConfig(input: unknown, { file, text }: ParseOptions = {}): Config {
  const result = configSchema.safeParse(withoutUndefined(input))
  const mistakes = findMistakes(input, result.error?.issues ?? [], text)
  if (mistakes.length > 0 || !result.success) throw failure('TRI-CONFIG-003', formatMistakes(mistakes, file))
  return placeWeb(result.data)
}

/**
 * A key that is undefined counts as left out; but not in `env`, where it is a variable that somebody forgot to set. What
 * holds itself is left as it is: a mistake that is told like any other.
 */
function withoutUndefined(value: unknown, key = '', parents: readonly unknown[] = []): unknown {
  if (key === 'env' || typeof value !== 'object' || value === null || !isPlain(value)) return value
  if (parents.includes(value)) return value
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(entries.map(([name, field]) => [name, withoutUndefined(field, name, [...parents, value])]))
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value))

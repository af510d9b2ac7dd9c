import { failure } from '../errors/failure.ts'
import { type Config, configSchema } from './schema.ts'

/** Reads what a config file exports; throws TRI-CONFIG-003 with every mistake. */
export function parseConfig(input: unknown, options: { readonly file?: string } = {}): Config {
  const result = configSchema.safeParse(input)
  if (result.success) return result.data
  const why = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n')
  throw failure('TRI-CONFIG-003', { what: `${options.file ?? 'The config'} has mistakes`, why })
}

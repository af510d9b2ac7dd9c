import { z } from 'zod'
import { configSchema } from '../schema.ts'
import type { Documentation } from './read-doc-comments.ts'

/** The part of JSON Schema that the config needs. */
export interface JsonSchema {
  readonly title?: string
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** The config as JSON Schema (draft 2020-12), with the comments of `StackInput` as descriptions. */
export function createJsonSchema(documentation: Documentation): JsonSchema {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return describeFields(schema, ['StackInput'], documentation)
}

/** Writes comments into the objects of a schema whose fields are those of one of the named types. */
function describeFields(schema: JsonSchema, types: readonly string[], documentation: Documentation): JsonSchema {
  if (schema.anyOf) {
    return { ...schema, anyOf: schema.anyOf.map((branch) => describeFields(branch, types, documentation)) }
  }
  if (schema.items) {
    const inner = types.flatMap((name) => (name === 'ServersInput' ? ['ServerInput'] : [name]))
    return { ...schema, items: describeFields(schema.items, inner, documentation) }
  }
  const { properties } = schema
  const type = types
    .map((name) => documentation.get(name))
    .find((one) => one?.settings[0] && properties?.[one.settings[0].name])
  if (properties === undefined || type === undefined) return schema
  const fields = type.settings.map(({ name, text, types: inner }) => {
    const field = properties[name] ?? {}
    return [name, { description: text, ...describeFields(field, inner, documentation) }] as const
  })
  return { ...schema, properties: Object.fromEntries(fields) }
}

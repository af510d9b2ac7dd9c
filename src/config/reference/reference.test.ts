import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import { expect, it } from 'vitest'
import { allSettings } from '../known-settings.ts'
import * as references from '../references.ts'
import { configSchema } from '../schema.ts'
import { createJsonSchema, type JsonSchema } from './create-json-schema.ts'
import { documentedFiles, readDocComments } from './read-doc-comments.ts'
import { renderConfigReference } from './render-config-reference.ts'

const sources = documentedFiles.map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
const documentation = readDocComments(sources.join('\n'))

it('describes every setting that the schema knows', () => {
  expect(undescribed(createJsonSchema(documentation), '')).toEqual([])
})

it('has a heading for every section and setting', () => {
  const page = renderConfigReference(documentation)
  for (const name of allSettings()) expect(page).toMatch(new RegExp(`^##+ (\\w+\\.)?${name}$`, 'm'))
  expect(page).not.toContain('undefined')
})

it('reads comments, examples and marks', () => {
  const source = `/** A tier. */
export interface TierInput {
  /**
   * How many
   * there are.
   *
   * @example 2
   * @example [1]
   */
  readonly servers?: number | ServerInput
}
`
  expect(readDocComments(source).get('TierInput')).toEqual({
    text: 'A tier.',
    examples: [],
    settings: [
      {
        name: 'servers',
        isRequired: false,
        types: ['ServerInput'],
        text: 'How many there are.',
        examples: ['2', '[1]'],
      },
    ],
  })
})

it('shows only examples that the schema accepts', () => {
  const stack = {
    name: 'a',
    balancer: { servers: 1 },
    web: { servers: 1 },
    app: { servers: 1, start: 'x' },
    database: { servers: 1 },
  }
  /** A section with one setting more; `links` is a list of them. */
  const sectionWith = (section: string, name: string, value: unknown) =>
    section === 'links'
      ? [{ on: 'servers', ports: [9100], why: 'figures', [name]: value }]
      : { ...stack[section as 'web'], [name]: value }
  const sections = documentation.get('StackInput')?.settings ?? []
  for (const section of sections) {
    for (const { name, examples } of documentation.get(section.types[0] ?? '')?.settings ?? []) {
      for (const example of examples) {
        const value: unknown = valueOf(example)
        const input = { ...stack, [section.name]: sectionWith(section.name, name, value) }
        expect(configSchema.safeParse(input).error, `${section.name}.${name}: ${example}`).toBeUndefined()
      }
    }
  }
})

/** As a config would have it, with what it imports from Trimaran. */
const valueOf = (example: string): unknown =>
  compileFunction(`return (${example})`, Object.keys(references))(...Object.values(references))

function undescribed({ properties = {}, anyOf = [], items }: JsonSchema, path: string): readonly string[] {
  const inner = [...anyOf, ...(items ? [items] : [])].flatMap((schema) => undescribed(schema, path))
  const fields = Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}.${name}`] : []),
    ...undescribed(field, `${path}.${name}`),
  ])
  return [...inner, ...fields]
}

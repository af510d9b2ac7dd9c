import { expect, it } from 'vitest'
import { app, database, partsOf, site, text, type VariableInput } from './references.ts'

/** As it would be read aloud: references in braces. */
const spell = (value: VariableInput): string =>
  partsOf(value)
    .map((part) =>
      typeof part === 'string' ? part : `{${part.refersTo}${part.isEncoded === true ? ', encoded' : ''}}`,
    )
    .join('')

const account = '{database.user, encoded}:{database.password, encoded}@'
const place = '{database.host}:{database.port}'

it.each([
  [database.host, '{database.host}'],
  [text`http://0.0.0.0:${app.port}`, 'http://0.0.0.0:{app.port}'],
  [text`${site.host}, ${7} and ${text`again ${site.host}`}`, '{site.host}, 7 and again {site.host}'],
  [database.url(), `postgres://${account}${place}/{database.name, encoded}`],
  [database.url({ scheme: 'jdbc:postgresql' }), `jdbc:postgresql://${place}/{database.name, encoded}`],
  [
    database.url({ scheme: 'postgresql+asyncpg', name: 'my reports', parameters: { sslmode: 'disable', a: 'b c' } }),
    `postgresql+asyncpg://${account}${place}/my%20reports?sslmode=disable&a=b%20c`,
  ],
  [database.replica.url(), `postgres://${account}{database.host}:{database.replica.port}/{database.name, encoded}`],
])('%# is spelt with what it refers to', (value, expected) => {
  expect(spell(value)).toBe(expected)
})

it('is never written down before it is known', () => {
  const careless = database.host as unknown as string
  expect(() => `pgsql:host=${careless}`).toThrow('put `text` before the template')
  expect(() => `${database.url() as unknown as string} and more`).toThrow('put `text` before the template')
})

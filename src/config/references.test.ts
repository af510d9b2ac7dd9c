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
const place = '{database.host, encoded}:{database.port, encoded}'

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
  [
    database.replica.url(),
    `postgres://${account}${place}/{database.name, encoded}`.replaceAll('database.', 'database.replica.'),
  ],
])('%# is spelt with what it refers to', (value, expected) => {
  expect(spell(value)).toBe(expected)
})

it('is never written down before it is known', () => {
  const careless = database.host as unknown as string
  expect(() => `pgsql:host=${careless}`).toThrow('put `text` before the template')
  expect(() => `${database.url() as unknown as string} and more`).toThrow('put `text` before the template')
})

it('is made of nothing that an app could not have meant', () => {
  const careless = (value: unknown) => () => text`at ${value as string}`
  expect(careless(undefined)).toThrow('undefined: it comes from an environment variable that is not set')
  expect(careless(null)).toThrow('is null: it can be a text, a number or a reference')
  for (const value of [true, {}, Number.NaN, ['a']]) expect(careless(value)).toThrow('it can be a text, a number or')
  expect(careless('a\0b')).toThrow('null character')
  expect(() => text`a\0b`).toThrow('null character')
  expect(() => database.url({ parameters: { sslmode: undefined as never } })).toThrow('is undefined')
})

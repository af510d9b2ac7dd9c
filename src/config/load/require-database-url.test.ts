import { expect, it } from 'vitest'
import { database, text } from '../references.ts'
import { requireDatabaseUrl } from './require-database-url.ts'

const file = { file: 'trimaran.config.ts' }

it.each([undefined, 'file:./data.db', 'db.example.com/shop'])('finds no parts in %s', (url) => {
  expect(() => requireDatabaseUrl({ HOST: text`at ${database.host}` }, url, file)).toThrow('app.env.HOST refers to')
  expect(() => requireDatabaseUrl({ HOST: 'here' }, url, file)).not.toThrow()
})

it('finds them in the URLs of drivers', () => {
  for (const url of ['postgres://me:a@db/shop', 'mysql://db.example.com/shop', 'jdbc:postgresql://db:5432/shop'])
    expect(() => requireDatabaseUrl({ HOST: database.host }, url, file)).not.toThrow()
})

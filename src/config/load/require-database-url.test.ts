import { expect, it } from 'vitest'
import { database, text } from '../references.ts'
import { requireDatabaseUrl } from './require-database-url.ts'

const file = { file: 'trimaran.config.ts' }

it.each([
  undefined,
  'file:./data.db',
  'db.example.com/shop',
  'mongodb+srv://me:a@cluster.example.com/shop',
  'postgres://one,two/shop',
])('finds no parts in %s', (url) => {
  const secrets: Readonly<Record<string, string>> = url === undefined ? {} : { DATABASE_URL: url }
  expect(() => requireDatabaseUrl({ HOST: text`at ${database.host}` }, secrets, file)).toThrow(
    'app.env.HOST refers to a part of the database, and DATABASE_URL has none',
  )
  expect(() => requireDatabaseUrl({ HOST: 'here' }, secrets, file)).not.toThrow()
})

it('finds them in the URLs of drivers', () => {
  for (const DATABASE_URL of [
    'postgres://me:a@db/shop',
    'mysql://db.example.com/shop',
    'jdbc:postgresql://[fd00::7]/shop',
  ])
    expect(() => requireDatabaseUrl({ HOST: database.host }, { DATABASE_URL }, file)).not.toThrow()
})

it('names the URL that is meant, wherever it stands', () => {
  const env = { DATABASE_URL: 'postgres://db/shop', DATABASE_REPLICA_URL: 'file:./copy', READ: database.replica.url() }
  expect(() => requireDatabaseUrl(env, {}, file)).toThrow(
    'app.env.READ refers to a part of the database, and DATABASE_REPLICA_URL',
  )
  expect(() => requireDatabaseUrl({ ...env, READ: database.direct.url() }, {}, file)).not.toThrow()
})

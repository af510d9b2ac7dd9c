import { expect, it } from 'vitest'
import { app as port, database, site, text, type VariableInput } from '../../config/references.ts'
import { components } from '../index.ts'
import { contextFor, inputOf, nine, stackFrom } from '../testing/stacks.ts'
import { renderEnvironment } from './render-environment.ts'
import { processesOf } from './processes.ts'
import { renderUnit } from './render-unit.ts'
import { commonVariables } from './variables.ts'

const env: Readonly<Record<string, VariableInput>> = {
  PLAIN: 'a b',
  DB_HOST: database.host,
  DB_PORT: database.port,
  DB_USER: database.user,
  DB_PASSWORD: database.password,
  DB_NAME: database.name,
  DIRECT: database.direct.port,
  REPLICA: database.replica.port,
  JDBC: database.url({ scheme: 'jdbc:postgresql', parameters: { ssl: 'false' } }),
  REPORTS: database.url({ name: 'reports' }),
  SITE: text`https://${site.host}`,
  URLS: text`http://0.0.0.0:${port.port}/100%?"a"`,
}
const { database: section, ...input } = inputOf(nine)
const contextWith = (more: object, appSecrets: Readonly<Record<string, string>> = {}) => ({
  ...contextFor(
    stackFrom(components, {
      ...input,
      app: { ...input.app, env, ...more },
      ...('secrets' in more ? {} : { database: { ...section, databases: ['reports'], pool: 'transaction' } }),
    }),
    'app-1',
  ),
  appSecrets,
})

it('puts what the stack has in the place of references', () => {
  expect(commonVariables(contextWith({}))).toEqual({
    PLAIN: 'a b',
    DB_HOST: '127.0.0.1',
    DB_PORT: '6432',
    DB_USER: 'app',
    DB_PASSWORD: 'secret-of-postgres-app',
    DB_NAME: 'app',
    DIRECT: '5432',
    REPLICA: '5433',
    JDBC: 'jdbc:postgresql://127.0.0.1:6432/app?ssl=false',
    REPORTS: 'postgres://app:secret-of-postgres-app@127.0.0.1:6432/reports',
    SITE: 'https://198.18.0.10',
  })
})

it('takes the parts of a database elsewhere from its URL, and writes them as each place wants them', () => {
  const DATABASE_URL = 'postgresql+psycopg2://me:p%40ss%2Fword@db.example.com/shop?sslmode=require'
  expect(commonVariables(contextWith({ secrets: ['DATABASE_URL'] }, { DATABASE_URL }))).toMatchObject({
    DB_HOST: 'db.example.com',
    DB_PORT: '5432',
    DB_PASSWORD: 'p@ss/word',
    DB_NAME: 'shop',
    REPORTS: 'postgres://me:p%40ss%2Fword@db.example.com:5432/reports',
  })
})

it('takes each URL from the one that is stated for it, and mixes no two', () => {
  const secrets = {
    DATABASE_URL: 'postgres://me:secret1@db.example.com/shop',
    DATABASE_REPLICA_URL: 'postgres://reader:secret2@[fd00::7]:5499/copy',
  }
  const more = {
    env: {
      READ: database.replica.url({ scheme: 'postgresql' }),
      READ_HOST: database.replica.host,
      MIGRATE: database.direct.url(),
      JDBC: database.replica.url({ scheme: 'jdbc:postgresql' }),
    },
    secrets: Object.keys(secrets),
  }
  expect(commonVariables(contextWith(more, secrets))).toEqual({
    READ: 'postgresql://reader:secret2@[fd00::7]:5499/copy',
    READ_HOST: 'fd00::7',
    MIGRATE: 'postgres://me:secret1@db.example.com:5432/shop',
    JDBC: 'jdbc:postgresql://[fd00::7]:5499/copy',
  })
})

it('leaves usual values to the config, also where they have the port of a copy in them', () => {
  const env = { HOST: text`127.0.0.1:${port.port}`, NODE_ENV: text`staging-${port.port}` }
  const context = contextWith({ env })
  const [web] = processesOf(context.stack)
  expect(renderUnit('blue', web!, context)).toContain(
    '\nEnvironment="HOST=127.0.0.1:%i"\nEnvironment="NODE_ENV=staging-%i"\n',
  )
  expect(renderEnvironment(context)).not.toMatch(/^(?:HOST|NODE_ENV)=/m)
  expect(renderEnvironment(contextWith({ env: {} }))).toContain('NODE_ENV="production"\nHOST="0.0.0.0"\n')
})

it('gives each copy its own port under every name, and keeps passwords out of units', () => {
  const context = contextWith({})
  const [web] = processesOf(context.stack)
  const unit = renderUnit('blue', web!, context)
  expect(unit).toContain(String.raw`Environment="URLS=http://0.0.0.0:%i/100%%?\"a\""` + '\n')
  expect(unit).not.toContain('secret-of')
  expect(renderEnvironment(context)).not.toContain('URLS')
})

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

it('gives each copy its own port under every name, and keeps passwords out of units', () => {
  const context = contextWith({})
  const [web] = processesOf(context.stack)
  const unit = renderUnit('blue', web!, context)
  expect(unit).toContain(String.raw`Environment="URLS=http://0.0.0.0:%i/100%%?\"a\""` + '\n')
  expect(unit).not.toContain('secret-of')
  expect(renderEnvironment(context)).not.toContain('URLS')
})

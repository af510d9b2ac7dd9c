import { afterEach, expect, it } from 'vitest'
import { database, site, text, type VariableInput } from '../../config/references.ts'
import { forgetSecrets, hideSecrets } from '../../speech/known-secrets.ts'
import { learnFromConfig } from './learn-secrets.ts'

afterEach(forgetSecrets)

/** What is seen of a text, once this variable of the config is known. */
function seen(name: string, value: VariableInput, said: string): string {
  learnFromConfig({ app: { env: { [name]: value } } } as never)
  return hideSecrets(said)
}

it.each<readonly [name: string, value: VariableInput, secret: string]>([
  ['API_TOKEN', 'tok-12345678', 'tok-12345678'],
  ['API_TOKEN', text`tok-12345678`, 'tok-12345678'],
  [
    'SENTRY_DSN',
    text`https://0123456789abcdef@sentry.example.com/${site.host}`,
    '0123456789abcdef@sentry.example.com/',
  ],
  ['CACHE', 'redis://:s3cret-word@cache', 's3cret-word'],
  ['CACHE', text`redis://me:s3cret-word@${site.host}/0`, 's3cret-word'],
  ['OTHER', text`redis://cache/${site.host} jdbc:mysql://me:s3cret-word@${database.host}/shop`, 's3cret-word'],
  ['SHOP', text`Host=${database.host};Password=s3cret-word;Database=shop`, 's3cret-word'],
  ['SHOP', text`redis://me:s3cret-${site.host}-word-two@cache`, 's3cret-'],
])('masks what is secret in %s = %j', (name, value, secret) => {
  expect(seen(name, value, `it says ${secret}`)).toBe('it says ***')
})

it('leaves alone what is none', () => {
  const said = 'https:// redis://me@cache and jdbc:postgresql://127.0.0.1:5432/shop'
  expect(seen('HOOK_SECRET_URL', text`https://${site.host}`, said)).toBe(said)
  expect(seen('JDBC_URL', database.url({ scheme: 'jdbc:postgresql' }), said)).toBe(said)
  expect(seen('CACHE', text`redis://me:${database.password}@cache`, said)).toBe(said)
})

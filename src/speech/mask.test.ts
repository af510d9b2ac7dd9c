import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMask, mapTexts, namesSecret, shortestSecret } from './mask.ts'

function maskOf(...secrets: readonly string[]) {
  const mask = createMask()
  secrets.forEach((secret) => mask.learn(secret))
  return mask.hide
}

describe('a mask', () => {
  const secret = 'p@ss/w0rd+"x y\''
  it.each<readonly [string, string]>([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['in JSON that is in JSON', JSON.stringify(JSON.stringify({ secret }))],
    ['in a URL', `postgres://app:${encodeURIComponent(secret)}@db/app`],
    ['in a URL, with small digits', encodeURIComponent(secret).replaceAll(/%../g, (one) => one.toLowerCase())],
    ['in a form', new URLSearchParams({ secret }).toString()],
    ['in SQL', `'${secret.replaceAll("'", "''")}'`],
    ['in a shell', `'${secret.replaceAll("'", String.raw`'\''`)}'`],
    ['as Node shows it', inspect({ secret })],
    ['in hex', Buffer.from(secret).toString('hex')],
    ...['', 'u', 'us', 'user:'].map(
      (before) => [`in base64 behind “${before}”`, Buffer.from(`${before}${secret}!`).toString('base64')] as const,
    ),
    ['in the base64 of URLs', Buffer.from(`u:${secret}`).toString('base64url')],
  ])('takes a secret out %s', (_, text) => {
    const hidden = maskOf(secret)(text)
    expect(hidden).toContain('***')
    for (let at = 0; at + 8 <= secret.length; at += 1) expect(hidden).not.toContain(secret.slice(at, at + 8))
    expect(Buffer.from(hidden.replace(/^Basic /, '').split('***')[0]!, 'base64').toString()).not.toContain('p@s')
  })

  it('takes the longest, and all of those that overlap or touch', () => {
    const hide = maskOf('abcdef', 'abcdefgh', 'fghijk')
    expect(hide('abcdefgh abcdef abcdefghijk abcdefabcdef.')).toBe('*** *** *** ***.')
  })

  it('takes a key of several lines out of a text line by line, but not what all keys begin with', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n'
    const hide = maskOf(key)
    expect(hide(`key:\n${key}`)).toBe('key:\n***')
    expect(hide('| hkiG9w0BAQEFAASC')).toBe('| ***')
    expect(hide('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----')
  })

  it.each([
    ['of anybody', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----'],
    ['of SSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----'],
    ['with headers', '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n-----END RSA PRIVATE KEY-----'],
    [
      'with its line ends spelt out',
      String.raw`-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEI\n-----END EC PRIVATE KEY-----`,
    ],
    ['that breaks off', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v'],
  ])('takes out a private key that nobody told it of: %s', (_, key) => {
    expect(maskOf()(`a\n${key}\n, b`)).toMatch(/^a\n\*\*\*\n?, b$/)
    expect(maskOf('secret-word')(`secret-word ${key}; secret-word`)).toMatch(/^\*\*\* \*\*\*; \*\*\*$/)
  })

  it('leaves certificates and what only speaks of keys', () => {
    const text = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nno -----BEGIN PRIVATE KEY----- in it'
    expect(maskOf()(text)).toBe(text)
  })

  it('takes the password out of a URL that is a secret, as it stands there and as it is', () => {
    const hide = maskOf('redis://default:s3cr%40t-pw@cache:6379')
    expect(hide('s3cr%40t-pw or s3cr@t-pw at cache:6379')).toBe('*** or *** at cache:6379')
  })

  it.each([
    ['jdbc:mysql://me:s3cret-word@db/shop'],
    ['postgresql+psycopg2://me:s3cret-word@db/shop'],
    ['jdbc:postgresql://db/shop?user=me&password=s3cret-word&ssl=true'],
    ['jdbc:sqlserver://db;user=me;password=s3cret-word;'],
    ['Server=db;User Id=me;Pwd="s3cret-word"'],
    ["host=db password = 's3cret-word' dbname=shop"],
    ['redis://one:first-word@a,redis://two:s3cret-word@b'],
  ])('takes the password out of %s', (connection) => {
    expect(maskOf(connection)('the word is s3cret-word')).toBe('the word is ***')
  })

  it('takes what is secret out of an account in JSON', () => {
    const hide = maskOf(
      JSON.stringify({ type: 'service', private_key: 'line-one-of-key\nline-two-of-key' }, undefined, 2),
    )
    expect(hide('service line-two-of-key')).toBe('service ***')
  })

  it('leaves alone what is too short to be known again', () => {
    const hide = maskOf('1', '', 'true', 'x'.repeat(shortestSecret - 1), '\u001B[31mab\u001B[0m')
    expect(hide('1 ab true xxxxx')).toBe('1 ab true xxxxx')
  })

  it('lets nothing of any secret through', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: shortestSecret, maxLength: 30 })
      .filter((one) => !one.includes('*'))
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const hide = maskOf(...secrets)
          for (const secret of secrets) expect(hide(`${before}${secret}${after}`)).not.toContain(secret)
        },
      ),
    )
  })
})

it('tells names of secrets', () => {
  expect(['STRIPE_KEY', 'dbPassword', 'private_key', 'SENTRY_DSN'].every(namesSecret)).toBe(true)
  expect(['LOG_LEVEL', 'PUBLIC_KEY', 'HOST'].some(namesSecret)).toBe(false)
})

it('changes each text in a value, and nothing else', () => {
  const at = new Date(0)
  expect(mapTexts({ a: ['x', 1, { x: 'x', at, none: null }] }, (text) => `${text}!`)).toEqual({
    'a!': ['x!', 1, { 'x!': 'x!', 'at!': at, 'none!': null }],
  })
})

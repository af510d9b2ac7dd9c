import { Buffer } from 'node:buffer'
import { createNeedles, shortestNeedle } from './needles.ts'
import { visible } from './visible.ts'

/** The text that replaces a secret. */
export const maskText = '***'
/** Shorter values are not masked: `1` or `true` occur in too many texts. */
export const shortestSecret = shortestNeedle
/** Shorter values are not searched for in encoded form: they could occur by chance. */
const shortestEncoded = 8
/** The minimum length of a line of a secret, such as a key in PEM. */
const shortestLine = 12

/** Masks secrets in texts. */
export interface Mask {
  /** Masks this value from now on, in all forms in which programs write it. */
  learn(value: string): void
  /** The text with secrets and all private keys masked. Where two secrets overlap, both are masked completely. */
  hide(text: string): string
}

export function createMask(): Mask {
  const learned = new Set<string>()
  const spellings = createNeedles()

  return {
    learn(value) {
      if (learned.has(value)) return
      learned.add(value)
      for (const spelling of spellingsOf(value)) spellings.add(spelling)
    },
    hide(text) {
      const known = spellings.findIn(text)
      const keys = text.includes('PRIVATE KEY') ? [...text.matchAll(privateKey)] : []
      if (known.length + keys.length === 0) return text
      const stretches = [
        ...known.map(({ index, length }): Stretch => [index, index + length]),
        ...keys.map(({ index, 0: found }): Stretch => [index, index + found.length]),
      ]
      return cut(
        text,
        stretches.toSorted(([a], [b]) => a - b),
      )
    },
  }
}

/**
 * A private key in PEM (RFC 7468). It may have headers, escaped line breaks, or no end. The first line alone is no secret, and does
 * not match. A match ends where another key begins; otherwise a text with many first lines would take minutes.
 */
const privateKey =
  /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----(?:(?:(?!-----BEGIN )[\s\S]){0,20000}?-----END \1-----|(?:\s|\\[nrt])*[A-Za-z0-9+/=]{16}(?:[A-Za-z0-9+/=\s]|\\[nrt])*)/g

type Stretch = readonly [from: number, to: number]

/** Replaces each range; ranges that touch or overlap count as one. Ranges are sorted by their start. */
function cut(text: string, stretches: readonly Stretch[]): string {
  let kept = ''
  let end = 0
  for (const [from, to] of stretches) {
    if (from > end || kept === '') kept += (from > end ? text.slice(end, from) : '') + maskText
    end = Math.max(end, to)
  }
  return kept + text.slice(end)
}

/** All forms of a secret: as it is, line by line, and as URLs, JSON, SQL, base64 and dumps write it. */
function spellingsOf(value: string): readonly string[] {
  const spellings = partsOf(value.toWellFormed()).flatMap((part) => [
    part,
    visible(part),
    JSON.stringify(part).slice(1, -1),
    JSON.stringify(JSON.stringify(part).slice(1, -1)).slice(1, -1),
    part.replaceAll("'", "''"),
    part.replaceAll("'", String.raw`'\''`),
    part.replaceAll(/["\\`$]/g, String.raw`\$&`),
    ...urlSpellings(part),
    ...(Buffer.byteLength(part) < shortestEncoded ? [] : encodedSpellings(Buffer.from(part))),
  ])
  return spellings.filter(({ length }) => length >= shortestSecret)
}

/** The value, each of its lines, and the password in a URL, which programs may print alone. */
function partsOf(value: string): readonly string[] {
  const whole = [value, value.trim()].filter(({ length }) => length >= shortestSecret)
  const lines = value.split('\n').map((line) => line.trim())
  const long = lines.filter((line) => line.length >= shortestLine && !/^-----(BEGIN|END) /.test(line))
  return [...whole, ...(lines.length > 1 ? long : []), ...passwordIn(value), ...wordsOfJson(value)]
}

/**
 * Passwords in a text by which a program connects: of URLs, whatever their scheme (`jdbc:mysql:` has two parts), and of settings
 * (`Password=…`, in a query, a DSN or a list with semicolons), as they are written and decoded. Too short ones are not masked.
 */
export function passwordIn(value: string): readonly string[] {
  const ofUrls = [...value.matchAll(/:\/\/[^\s/?#:@]*:([^\s/?#]+)@/g)].flatMap(([, password]) => password ?? [])
  const ofSettings = [...value.matchAll(passwordSetting)].flatMap(
    ([, ...forms]) => forms.find((one) => one !== undefined) ?? [],
  )
  return [...ofUrls, ...ofSettings]
    .filter(({ length }) => length >= shortestSecret)
    .flatMap((password) => [password, ...decoded(password)])
}

/** In quotes of either kind, or up to what ends a setting. */
const passwordSetting = /(?:password|passwd|(?<![a-z\d])pwd)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|([^\s;&"']+))/gi

function decoded(password: string): readonly string[] {
  try {
    return [decodeURIComponent(password)]
  } catch {
    return []
  }
}

/** For a secret that is JSON, such as a service account: the values whose names say that they are secret. */
function wordsOfJson(value: string): readonly string[] {
  if (!value.trimStart().startsWith('{')) return []
  try {
    return wordsIn(JSON.parse(value))
  } catch {
    return []
  }
}

function wordsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string'
      ? namesSecret(name) && inner.length >= shortestSecret
        ? partsOf(inner)
        : []
      : wordsIn(inner),
  )
}

/** Whether a name suggests that its value is a secret: `STRIPE_KEY`, `private_key`, `dbPassword`. */
export const namesSecret = (name: string): boolean =>
  /(?:key|token|secret|passw|passphrase|credential|private|_dsn|salt)/i.test(name) && !/public/i.test(name)

function urlSpellings(part: string): readonly string[] {
  const upper = encodeURIComponent(part)
  // Characters that encodeURIComponent keeps, although a URL's password must not contain them.
  const strict = upper.replaceAll(/[!'()*~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
  const both = [upper, strict, encodeURI(part), new URLSearchParams([['', part]]).toString().slice(1)]
  return [...both, ...both.map((text) => text.replaceAll(/%[\dA-F]{2}/g, (one) => one.toLowerCase()))]
}

/** Base64 at each offset that the value may have among other bytes, such as in `Authorization: Basic`, and hex in both cases. */
function encodedSpellings(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex')
  const aligned = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  const base64 = [bytes.toString('base64'), ...aligned].filter(({ length }) => length >= shortestEncoded)
  return [...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')), hex, hex.toUpperCase()]
}

/** The same value, with each text and each name in it changed. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  const map = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one)
    if (Array.isArray(one)) return one.map(map)
    if (typeof one !== 'object' || one === null || one instanceof Date) return one
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [change(name), map(inner)]))
  }
  return map(value) as T
}

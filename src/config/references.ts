/**
 * Values that are known only once a stack is set up, for variables of the app: `env: { DB_HOST: database.host }`. They are
 * data; what they stand for is put in their place on each server (`components/app/variables.ts`).
 */

/** The parts of a URL of the database. */
type DatabasePart = 'host' | 'port' | 'user' | 'password' | 'name'
export type DatabaseReferent = `${'database' | 'database.direct' | 'database.replica'}.${DatabasePart}`
/** All that a reference may refer to. */
export type Referent = DatabaseReferent | 'app.port' | 'site.host' | 'site.address'

/** One value that is known once the stack is set up. */
export interface Reference {
  readonly refersTo: Referent
  /** True inside a URL, where some letters, and addresses of IPv6, are written in another way. */
  readonly isEncoded?: boolean
}

/** A text with references in it. */
export interface ReferenceText {
  readonly parts: readonly (string | Reference)[]
}

/** What a variable of the app may be. */
export type VariableInput = string | Reference | ReferenceText

export class OneReference implements Reference {
  readonly refersTo: Referent
  readonly isEncoded?: true

  constructor(refersTo: Referent, isEncoded = false) {
    this.refersTo = refersTo
    if (isEncoded) this.isEncoded = true
  }

  /** In an ordinary template, it would be written down before anybody knows it. */
  toString(): never {
    throw new TypeError(
      `${this.refersTo} is not known yet: put \`text\` before the template, as in text\`…\${${this.refersTo}}…\``,
    )
  }
}

export class TextOfReferences implements ReferenceText {
  readonly parts: readonly (string | Reference)[]

  constructor(parts: readonly (string | Reference)[]) {
    this.parts = parts
  }

  toString(): never {
    throw new TypeError('a text with references is not known yet: put `text` before the template that it stands in')
  }
}

/**
 * Writes a text with references in it.
 *
 * @throws TypeError where a value is none, as that of a variable that is not set, or has a null character
 * @example
 * ```ts
 * env: { DSN: text`pgsql:host=${database.host};port=${database.port};dbname=${database.name}` }
 * ```
 */
export function text(strings: TemplateStringsArray, ...values: readonly (VariableInput | number)[]): ReferenceText {
  return new TextOfReferences(
    strings.flatMap((string, index) => [
      ...partsOf(plain(string)),
      ...(index < values.length ? partsOf(plain(values[index])) : []),
    ]),
  )
}

export const partsOf = (value: VariableInput): readonly (string | Reference)[] =>
  typeof value === 'string' ? [value] : 'parts' in value ? value.parts : [value]

/** What a text may be made of. A template would write anything else down, as `undefined`, and an app would get it. */
function plain(value: unknown): VariableInput {
  if (value instanceof OneReference || value instanceof TextOfReferences) return value
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string')
    throw new TypeError(
      value === undefined
        ? 'a value in the text is undefined: it comes from an environment variable that is not set where this command runs'
        : `a value in the text is ${value === null ? 'null' : `a ${typeof value}`}: it can be a text, a number or a reference`,
    )
  if (value.includes('\0')) throw new TypeError('the text has a null character, which no environment can hold')
  return value
}

/** How the URL of the database is written. */
export interface UrlWish {
  /**
   * What stands before `://`: `postgres` unless stated. One that begins with `jdbc:` takes no user and no password.
   *
   * @example 'postgresql+asyncpg'
   */
  readonly scheme?: string
  /** Another database than the app's, of those in `database.databases`. */
  readonly name?: string
  /**
   * What stands after the question mark.
   *
   * @example { sslmode: 'disable' }
   */
  readonly parameters?: Readonly<Record<string, string | number>>
}

/** Its parts, and a URL of them. The URL has nothing of another way: each may have its own host and account. */
const partsBy = (way: 'database' | 'database.direct' | 'database.replica') => {
  const inUrl = (part: DatabasePart): Reference => new OneReference(`${way}.${part}`, true)
  return {
    host: new OneReference(`${way}.host`),
    port: new OneReference(`${way}.port`),
    user: new OneReference(`${way}.user`),
    password: new OneReference(`${way}.password`),
    name: new OneReference(`${way}.name`),
    url: ({ scheme = 'postgres', name, parameters = {} }: UrlWish = {}): ReferenceText => {
      const query = Object.entries(parameters)
        .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(plain(value) as string)}`)
        .join('&')
      const account = scheme.startsWith('jdbc:') ? text`` : text`${inUrl('user')}:${inUrl('password')}@`
      const called = name === undefined ? inUrl('name') : encodeURIComponent(name)
      const place = text`${inUrl('host')}:${inUrl('port')}`
      return text`${scheme}://${account}${place}/${called}${query === '' ? '' : `?${query}`}`
    },
  } as const
}

/**
 * The database of the app, as it finds it on its own server: by way of the pool, where there is one, else as the primary. Where
 * the database is not part of the stack, these are the parts of `DATABASE_URL`, and those of `DATABASE_DIRECT_URL` and
 * `DATABASE_REPLICA_URL` where they are stated, too.
 *
 * @example
 * ```ts
 * env: { DB_HOST: database.host, DB_PORT: database.port, JDBC_URL: database.url({ scheme: 'jdbc:postgresql' }) }
 * ```
 */
export const database = {
  ...partsBy('database'),
  /** The primary, past the pool; the same as without `direct` where there is none. */
  direct: partsBy('database.direct'),
  /** Replicas, for reads that may be slightly old. */
  replica: partsBy('database.replica'),
} as const satisfies Readonly<Record<string, unknown>>

/** The app itself: `port` is that of `$PORT`, which each copy of it has of its own. */
export const app = { port: new OneReference('app.port') } as const

/** The site as visitors see it: `host` is the first of `balancer.domains`, or else the address; `address` is always that. */
export const site = { host: new OneReference('site.host'), address: new OneReference('site.address') } as const

/** The references in a value. */
export const referencesIn = (value: VariableInput): readonly Reference[] =>
  partsOf(value).filter((part): part is Reference => typeof part !== 'string')

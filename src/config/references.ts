/**
 * Values that are known only once a stack is set up, for variables of the app: `env: { DB_HOST: database.host }`. They are
 * data; what they stand for is put in their place on each server (`components/app/variables.ts`).
 */

/** All that a reference may refer to. */
export const referents = [
  'database.host',
  'database.port',
  'database.user',
  'database.password',
  'database.name',
  'database.direct.port',
  'database.replica.port',
  'app.port',
  'site.host',
  'site.address',
] as const
export type Referent = (typeof referents)[number]

/** One value that is known once the stack is set up. */
export interface Reference {
  readonly refersTo: Referent
  /** True inside a URL, where some letters are written in another way. */
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
 * @example
 * ```ts
 * env: { DSN: text`pgsql:host=${database.host};port=${database.port};dbname=${database.name}` }
 * ```
 */
export function text(strings: TemplateStringsArray, ...values: readonly (VariableInput | number)[]): ReferenceText {
  return new TextOfReferences(
    strings.flatMap((string, index) => [string, ...(index < values.length ? partsOf(values[index]!) : [])]),
  )
}

function partsOf(value: VariableInput | number): readonly (string | Reference)[] {
  if (typeof value !== 'object') return [String(value)]
  return 'parts' in value ? value.parts : [value]
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

const inUrl = (referent: Referent): Reference => new OneReference(referent, true)

const urlBy =
  (at: Reference) =>
  ({ scheme = 'postgres', name, parameters = {} }: UrlWish = {}): ReferenceText => {
    const query = Object.entries(parameters)
      .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
      .join('&')
    const account = scheme.startsWith('jdbc:') ? text`` : text`${inUrl('database.user')}:${inUrl('database.password')}@`
    const called = name === undefined ? inUrl('database.name') : encodeURIComponent(name)
    return text`${scheme}://${account}${host}:${at}/${called}${query === '' ? '' : `?${query}`}`
  }

const host = new OneReference('database.host')
const port = new OneReference('database.port')
const directPort = new OneReference('database.direct.port')
const replicaPort = new OneReference('database.replica.port')

/**
 * The database of the app, as it finds it on its own server: by way of the pool, where there is one, else as the primary. Where
 * the database is not part of the stack, these are the parts of `DATABASE_URL`.
 *
 * @example
 * ```ts
 * env: { DB_HOST: database.host, DB_PORT: database.port, JDBC_URL: database.url({ scheme: 'jdbc:postgresql' }) }
 * ```
 */
export const database = {
  host,
  port,
  user: new OneReference('database.user'),
  password: new OneReference('database.password'),
  name: new OneReference('database.name'),
  url: urlBy(port),
  /** The primary, past the pool; the same as without `direct` where there is none. */
  direct: { port: directPort, url: urlBy(directPort) },
  /** Replicas, for reads that may be slightly old. */
  replica: { port: replicaPort, url: urlBy(replicaPort) },
} as const satisfies Readonly<Record<string, unknown>>

/** The app itself: `port` is that of `$PORT`, which each copy of it has of its own. */
export const app = { port: new OneReference('app.port') } as const

/** The site as visitors see it: `host` is the first of `balancer.domains`, or else the address; `address` is always that. */
export const site = { host: new OneReference('site.host'), address: new OneReference('site.address') } as const

/** The references in a value. */
export const referencesIn = (value: VariableInput): readonly Reference[] =>
  partsOf(value).filter((part): part is Reference => typeof part !== 'string')
export { partsOf }

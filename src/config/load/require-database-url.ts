import { failure, type TrimaranError } from '../../errors/failure.ts'
import { databaseWays, statedDatabaseUrl, wayOf } from '../database-ways.ts'
import { referencesIn, type VariableInput } from '../references.ts'
import { readDatabaseUrl } from '../values/database-url.ts'

/**
 * Where the database is not part of the stack, what refers to its parts needs a URL that has them.
 * @throws TRI-CONFIG-010
 */
export function requireDatabaseUrl(
  env: Readonly<Record<string, VariableInput>>,
  secrets: Readonly<Record<string, string>>,
  { file }: { readonly file: string },
): void {
  for (const [name, value] of Object.entries(env))
    for (const way of referencesIn(value).flatMap((reference) => wayOf(reference) ?? [])) {
      const { variable, url } = statedDatabaseUrl(way, env, secrets) ?? { variable: databaseWays.database, url: '' }
      if (readDatabaseUrl(url) === undefined) throw withoutParts(name, variable, file)
    }
}

const withoutParts = (name: string, variable: string, file: string): TrimaranError =>
  failure('TRI-CONFIG-010', {
    what: `app.env.${name} refers to a part of the database, and ${variable} has none`,
    where: file,
    why: 'it is no URL with one host, such as postgres://user:password@db.example.com:5432/name',
    state: 'nothing was changed',
    next: `correct the value of ${variable}; letters such as @ and / in its password are encoded, as %40 and %2F`,
  })

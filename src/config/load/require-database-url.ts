import { failure } from '../../errors/failure.ts'
import { type VariableInput, referencesIn } from '../references.ts'
import { readDatabaseUrl } from '../values/database-url.ts'

/**
 * Where the database is not part of the stack, what refers to its parts needs a URL that has them.
 * @throws TRI-CONFIG-010
 */
export function requireDatabaseUrl(
  env: Readonly<Record<string, VariableInput>>,
  url: string | undefined,
  { file }: { readonly file: string },
): void {
  const [name] =
    Object.entries(env).find(([, value]) =>
      referencesIn(value).some(({ refersTo }) => refersTo.startsWith('database.')),
    ) ?? []
  if (name === undefined || readDatabaseUrl(url ?? '') !== undefined) return
  throw failure('TRI-CONFIG-010', {
    what: `app.env.${name} refers to a part of the database, and DATABASE_URL has none`,
    where: file,
    why: 'it is no URL with a host, such as postgres://user:password@db.example.com:5432/name',
    state: 'nothing was changed',
    next: 'correct the value of DATABASE_URL; letters such as @ and / in its password are encoded, as %40 and %2F',
  })
}

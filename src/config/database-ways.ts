import type { Reference, VariableInput } from './references.ts'

/** The ways to the database, as references to their parts begin, and the variable in which the app finds the URL of each. */
export const databaseWays = {
  database: 'DATABASE_URL',
  'database.direct': 'DATABASE_DIRECT_URL',
  'database.replica': 'DATABASE_REPLICA_URL',
} as const
export type DatabaseWay = keyof typeof databaseWays

/** The way of which a reference takes a part; `undefined` where it refers to something else. */
export const wayOf = ({ refersTo }: Reference): DatabaseWay | undefined =>
  (Object.keys(databaseWays) as readonly DatabaseWay[]).find((way) => way === refersTo.replace(/\.\w+$/, ''))

/** What the user gives the app as its URL: a secret, or a text in `app.env`. Whoever states one alone means it for all ways. */
export function statedDatabaseUrl(
  way: DatabaseWay,
  env: Readonly<Record<string, VariableInput>>,
  secrets: Readonly<Record<string, string>>,
): { readonly variable: string; readonly url: string } | undefined {
  const [stated] = [databaseWays[way], databaseWays.database].flatMap((variable) => {
    const url = secrets[variable] ?? env[variable]
    return typeof url === 'string' ? [{ variable, url }] : []
  })
  return stated
}

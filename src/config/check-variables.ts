import { fieldOf } from './field-of.ts'
import { hasSection } from './check-tiers.ts'
import { type Mistake, pathOf } from './mistake.ts'

/** Variables that lead to the database tier, and why they are not the user's to choose where there is one. */
const databaseVariables: Readonly<Record<string, string>> = {
  DATABASE_URL: 'Trimaran sets it: the local HAProxy there always leads to the primary',
  DATABASE_DIRECT_URL: 'Trimaran sets it where there is a pool: it leads past it to the primary',
  DATABASE_REPLICA_URL: 'Trimaran sets it: the local HAProxy there leads to the replicas',
}

/** Finds variables that have two values, or that the database tier gives the app; without that tier they are the user's. */
export function checkVariables(input: unknown): readonly Mistake[] {
  const named = namedVariables(fieldOf(input, 'app'))
  const hasDatabase = hasSection(input, 'database')
  return named.flatMap(({ name, keys }, index): readonly Mistake[] => {
    const mistake = { keys, path: pathOf(keys), problem: 'cannot be set' }
    if (hasDatabase && Object.hasOwn(databaseVariables, name)) {
      const suggestion = 'leave it out; or leave out `database`, if yours is elsewhere'
      return [{ ...mistake, reason: databaseVariables[name]!, suggestion }]
    }
    const other = named.slice(0, index).find((one) => one.name === name)
    if (other === undefined) return []
    return [
      {
        ...mistake,
        reason: `${name} has a value already, in ${pathOf(other.keys)}`,
        suggestion: 'keep one of the two',
      },
    ]
  })
}

/** A variable of the app, wherever it is named. */
interface Named {
  readonly name: string
  /** Its value in `env`; absent for a secret. */
  readonly value?: unknown
  readonly keys: readonly (string | number)[]
}

/** All variables that the file gives the app; the input need not be sound otherwise. */
export function namedVariables(app: unknown): readonly Named[] {
  const [env, secrets] = [fieldOf(app, 'env'), fieldOf(app, 'secrets')]
  const ofEnv = typeof env === 'object' && env !== null ? Object.entries(env) : []
  const ofSecrets: readonly unknown[] = Array.isArray(secrets) ? secrets : []
  return [
    ...ofEnv.map(([name, value]) => ({ name, value: value as unknown, keys: ['app', 'env', name] })),
    ...ofSecrets.flatMap((secret, index) => {
      const name: unknown = typeof secret === 'string' ? secret : fieldOf(secret, 'name')
      return typeof name === 'string' ? [{ name, keys: ['app', 'secrets', index] }] : []
    }),
  ]
}

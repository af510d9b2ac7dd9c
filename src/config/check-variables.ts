import { fieldOf } from './field-of.ts'
import { hasTier } from './check-tiers.ts'
import { type Mistake, pathOf } from './mistake.ts'

/** Variables that lead to the database tier, and why they are not the user's to choose where there is one. */
const databaseVariables: Readonly<Record<string, string>> = {
  DATABASE_URL: 'Trimaran sets it: the local HAProxy there always leads to the primary',
  DATABASE_DIRECT_URL: 'Trimaran sets it where there is a pool: it leads past it to the primary',
  DATABASE_REPLICA_URL: 'Trimaran sets it: the local HAProxy there leads to the replicas',
}

/** Finds variables of the app that the database tier gives it; without that tier they are the user's. */
export function checkVariables(input: unknown): readonly Mistake[] {
  if (!hasTier(input, 'database')) return []
  return namedVariables(fieldOf(input, 'app')).flatMap(({ name, keys }): readonly Mistake[] => {
    const reason = Object.hasOwn(databaseVariables, name) ? databaseVariables[name]! : undefined
    if (reason === undefined) return []
    const suggestion = 'leave it out; or leave out `database`, if yours is elsewhere'
    return [{ keys, path: pathOf(keys), problem: 'cannot be set', reason, suggestion }]
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

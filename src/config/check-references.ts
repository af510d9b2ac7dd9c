import { hasSection } from './check-tiers.ts'
import { namedVariables } from './check-variables.ts'
import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'
import { OneReference, type Referent, referencesIn, TextOfReferences } from './references.ts'

/** Finds variables that refer to what the stack does not have, or that would tell a secret; the input need not be sound otherwise. */
export function checkReferences(input: unknown): readonly Mistake[] {
  const env = fieldOf(fieldOf(input, 'app'), 'env')
  if (typeof env !== 'object' || env === null) return []
  const hasDatabase = hasSection(input, 'database') || namesDatabase(input)
  return Object.entries(env).flatMap(([name, value]): readonly Mistake[] => {
    if (!(value instanceof OneReference || value instanceof TextOfReferences)) return []
    const referents = referencesIn(value).map(({ refersTo }) => refersTo)
    const keys = ['app', 'env', name]
    return oddities
      .filter((oddity) => oddity.holds(referents, hasDatabase))
      .slice(0, 1)
      .map(({ problem, reason, suggestion }) => ({ keys, path: pathOf(keys), problem, reason, suggestion }))
  })
}

/** Whether the user says where the database is: as a text, or as a secret. */
const namesDatabase = (input: unknown): boolean =>
  namedVariables(fieldOf(input, 'app')).some(({ name, value }) => name === 'DATABASE_URL' && typeof value !== 'object')

interface Oddity {
  readonly holds: (referents: readonly Referent[], hasDatabase: boolean) => boolean
  readonly problem: string
  readonly reason: string
  readonly suggestion: string
}

const oddities: readonly Oddity[] = [
  {
    holds: (referents, hasDatabase) => !hasDatabase && referents.some((one) => one.startsWith('database.')),
    problem: 'refers to the database, and there is none',
    reason: 'the file has no database tier, and the app gets no DATABASE_URL',
    suggestion: 'add the section `database`, or DATABASE_URL to `app.secrets` if yours is elsewhere',
  },
  {
    holds: (referents) => referents.includes('app.port') && referents.some((one) => one.endsWith('.password')),
    problem: 'refers to the port of the app and to a password at once',
    reason: 'the port is in a file that every user of the server may read',
    suggestion: 'write two variables',
  },
]

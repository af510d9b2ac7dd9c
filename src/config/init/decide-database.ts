import type { Code, DatabaseWish } from './draft.ts'
import { adviceOnStores, findDatabases, mySql } from './find-databases.ts'
import { findVariables } from './find-variables.ts'
import type { Folder } from './folder.ts'

export interface DatabaseDecision {
  /** Whether the stack has one. Only then may a variable refer to it. */
  readonly usesDatabase: boolean
  /** The kind of the app's database, where Trimaran does not bring it. */
  readonly otherDatabase?: string
  /** Variables with its address. */
  readonly env: Readonly<Record<string, string | Code>>
  readonly advice: readonly string[]
}

/**
 * Decides whether the stack has a database; all that refers to it follows from that. A driver of PostgreSQL is the surest sign.
 * Where MySQL is named and no such driver, an address in a variable is MySQL's.
 */
export function decideDatabase(folder: Folder, { need, env = {}, advice = [] }: DatabaseWish = {}): DatabaseDecision {
  const databases = findDatabases(folder)
  const isElsewhere = need === 'elsewhere' || databases.others.some(({ name }) => name === mySql)
  const variables = findVariables(folder)
  const isNamed = need === 'usual' || databases.address !== undefined || Object.keys(variables).length > 0
  const usesDatabase = need !== 'elsewhere' && (databases.postgres !== undefined || (!isElsewhere && isNamed))
  // An ecosystem that says `elsewhere` has said where, in words of its own.
  const others = need === 'elsewhere' ? databases.others.filter(({ name }) => name !== mySql) : databases.others
  return {
    usesDatabase,
    ...(!usesDatabase && isElsewhere && { otherDatabase: mySql }),
    env: usesDatabase ? { ...env, ...variables } : {},
    advice: [...(usesDatabase ? advice : []), ...adviceOnStores({ ...databases, others }, usesDatabase)],
  }
}

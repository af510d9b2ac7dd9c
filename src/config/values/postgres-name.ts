import type { Check } from './objection.ts'

const taken: Readonly<Record<string, string>> = {
  app: 'the app has this database in any case',
  postgres: 'PostgreSQL has this database for its own purposes',
  template0: 'PostgreSQL has this database for its own purposes',
  template1: 'PostgreSQL has this database for its own purposes',
}

/** Objects to names that would need quotes in SQL, and to those that are there already. */
export const checkDatabaseName: Check = (value) => {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(value)) {
    return { reason: 'the name of a database has lower-case letters, digits and underscores, at most 63' }
  }
  const reason = Object.hasOwn(taken, value) ? taken[value] : undefined
  return reason === undefined ? undefined : { reason, suggestion: 'leave it out' }
}

/** Objects to what cannot be the name of an extension. */
export const checkExtensionName: Check = (value) =>
  /^[a-z_][a-z0-9_-]{0,62}$/.test(value)
    ? undefined
    : { reason: 'the name of an extension has lower-case letters, digits, underscores and hyphens' }

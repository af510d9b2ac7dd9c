import type { Check } from './objection.ts'

const taken: Readonly<Record<string, string>> = {
  app: 'the app has this database in any case',
  postgres: 'PostgreSQL uses this database itself',
  template0: 'PostgreSQL uses this database itself',
  template1: 'PostgreSQL uses this database itself',
}

/** Objects to names that would need quotes in SQL, and to those that are there already. */
export const checkDatabaseName: Check = (value) => {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(value)) {
    return { reason: 'the name of a database has lower-case letters, digits and underscores, at most 63' }
  }
  const reason = Object.hasOwn(taken, value) ? taken[value] : undefined
  return reason === undefined ? undefined : { reason, suggestion: 'leave it out' }
}

/** Objects to names that no extension has. Whether there is such a one, its package tells. */
export const checkExtensionName: Check = (value) =>
  /^[a-z][a-z0-9_-]{0,62}$/.test(value)
    ? undefined
    : { reason: 'the name of an extension has lower-case letters, digits, hyphens and underscores, at most 63' }

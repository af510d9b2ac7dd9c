import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'

/** Whether the config has a section; the input need not be sound otherwise. */
export const hasSection = (input: unknown, tier: 'app' | 'database'): boolean => fieldOf(input, tier) !== undefined

/** Finds what stands in one tier and belongs to another, which is there or is missing. */
export const checkTiers = (input: unknown): readonly Mistake[] => [
  ...databaseOfNobody(input),
  ...(hasSection(input, 'app') ? settingsOfSites(input) : []),
]

function databaseOfNobody(input: unknown): readonly Mistake[] {
  if (hasSection(input, 'app') || !hasSection(input, 'database')) return []
  const reason = 'there is a database, and only app servers reach it'
  return [
    { keys: ['app'], path: 'app', problem: 'is missing', reason, suggestion: 'add the app, or leave out the database' },
  ]
}

/** What the web tier says of a site of files alone. */
const settings: Readonly<Record<string, Pick<Mistake, 'reason' | 'suggestion'>>> = {
  fallback: {
    reason: 'the app answers every path that no file has',
    suggestion: 'leave it out, and let the app answer with that page',
  },
  ...Object.fromEntries(
    ['source', 'build', 'include', 'cache'].map((name) => [
      name,
      { reason: 'the app and the static files are one release', suggestion: `move it to \`app.${name}\`` },
    ]),
  ),
}

const settingsOfSites = (input: unknown): readonly Mistake[] =>
  Object.entries(settings)
    .filter(([name]) => fieldOf(fieldOf(input, 'web'), name) !== undefined)
    .map(([name, advice]) => {
      const keys = ['web', name]
      return { keys, path: pathOf(keys), problem: 'is for a site without an app', ...advice }
    })

import { checkDomains } from './check-domains.ts'
import { checkExtensions } from './check-extensions.ts'
import { checkLinks } from './check-links.ts'
import { checkProcesses } from './check-processes.ts'
import { checkProxies } from './check-proxies.ts'
import { checkReferences } from './check-references.ts'
import { checkServers } from './check-servers.ts'
import { checkTiers } from './check-tiers.ts'
import { checkVariables } from './check-variables.ts'
import { checkWritableFolders } from './check-writable.ts'
import { explainIssue } from './explain-issue.ts'
import { findPosition } from './find-position.ts'
import { type Mistake, withoutConsequences } from './mistake.ts'
import type { configSchema } from './schema.ts'

type Issues = NonNullable<ReturnType<typeof configSchema.safeParse>['error']>['issues']

/**
 * All mistakes of a config, in the order in which they stand in its text; those without a place come last.
 * `issues` is what the schema found, `text` the source of the config file, where there is one.
 */
export function findMistakes(input: unknown, issues: Issues, text?: string): readonly Mistake[] {
  const mistakes = [
    ...issues.flatMap((issue) => explainIssue(issue, input)),
    ...checkServers(input),
    ...checkLinks(input),
    ...checkProxies(input),
    ...checkProcesses(input),
    ...checkDomains(input),
    ...checkExtensions(input),
    ...checkTiers(input),
    ...checkVariables(input),
    ...checkReferences(input),
    ...checkWritableFolders(input),
  ]
  const causes = withoutConsequences(mistakes)
  const placed = text === undefined ? causes : causes.map((mistake) => withPosition(mistake, text))
  return placed.toSorted((a, b) => rank(a) - rank(b))
}

function withPosition(mistake: Mistake, text: string): Mistake {
  const position = findPosition(text, mistake.keys)
  return position === undefined ? mistake : { ...mistake, position }
}

const rank = ({ position }: Mistake): number =>
  position === undefined ? Number.MAX_SAFE_INTEGER : position.line * 10_000 + position.column

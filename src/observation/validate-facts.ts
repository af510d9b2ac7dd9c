import type { z } from 'zod'
import { kindOf } from '../resources/kinds.ts'
import type { Kind, Resource } from '../resources/resource.ts'
import { isOwnResource } from '../components/index.ts'
import type { Doubt } from './doubts.ts'

/**
 * Reads a server's answer about resources of one kind, and keeps the valid facts of those that it was asked for. An
 * invalid fact counts as absent, so that the resource is placed again.
 */
export function readFacts(
  kind: Kind,
  answer: string,
  asked: readonly Resource[],
  doubt: Doubt,
): ReadonlyMap<string, unknown> {
  const one = kindOf(kind)
  const names = new Set(asked.map((resource) => one.name(resource)))
  // Trees are listed with their neighbours, whose names are not known beforehand.
  const isAsked = (name: string): boolean =>
    names.has(name) || (one.listsNeighbours === true && isOwnResource(kind, name))
  return new Map(
    [...one.read(answer)].filter(([name, fact]) => {
      const found = one.fact.safeParse(fact)
      if (!isAsked(name)) doubt(`a ${kind}`, name)
      else if (!found.success) doubt(`the ${kind} ${name}`, firstIssue(found.error, fact))
      return isAsked(name) && found.success
    }),
  )
}

/** The invalid value. */
export function firstIssue({ issues: [issue] }: z.ZodError, whole: unknown): string {
  const found = (issue?.path ?? []).reduce<unknown>(
    (one, key) => (one instanceof Map ? one.get(key) : (one as Record<PropertyKey, unknown> | undefined)?.[key]),
    whole,
  )
  const said = typeof found === 'string' ? found : (JSON.stringify(found) ?? String(found))
  return issue === undefined || issue.path.length === 0 ? said : `${issue.path.join('.')}: ${said}`
}

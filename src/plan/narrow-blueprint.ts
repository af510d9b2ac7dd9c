import { applyPatch, reversePatch, structuredPatch } from 'diff'
import { type Blueprint, type Part, stackPart } from '../blueprint/blueprint.ts'
import type { Observation } from '../observation/observation.ts'
import type { Refusal } from '../preflight/refusal.ts'
import { factsOf, identityOf, kindOf } from '../resources/kinds.ts'
import type { File, Resource } from '../resources/resource.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** What is wanted of a server of what differs between two blueprints, and what cannot be told apart from the rest. */
export interface Narrowed {
  readonly blueprint: Blueprint
  readonly refusals: readonly Refusal[]
}

/**
 * The current state of a server, plus the difference between two blueprints of it: the change of the stack state,
 * without other pending changes of the file. A file with both gets only the difference, as a patch of its current
 * content. A server on which nothing was placed yet, and one that is removed, stay as they are.
 */
export function narrowBlueprint(before: Blueprint, wanted: Blueprint, observation: Observation): Narrowed {
  const { aside: _, ...whole } = wanted
  const isUntouched = observation.manifest.length === 0 || wanted.parts.length === 0
  if (isUntouched) return { blueprint: { ...whole, only: new Set() }, refusals: [] }
  const earlier = byIdentity(before)
  const differing = new Set(differencesOf(earlier, byIdentity(wanted)))
  const refusals: Refusal[] = []
  const parts = wanted.parts.map((part) => ({
    ...part,
    resources: part.resources.flatMap((resource) => {
      if (!differing.has(identityOf(resource))) return asItStands(resource, observation)
      if (part.component === stackPart || resource.kind !== 'file') return [resource]
      const patched = patch(resource, earlier.get(identityOf(resource)), observation)
      if (patched === undefined) refusals.push(cannotPatch(wanted.server.name, resource))
      return [patched ?? resource]
    }),
  }))
  const only = new Set([...differing, ...parts.flatMap((part) => notifiedIn(part, differing, observation))])
  return { blueprint: { ...whole, parts, only }, refusals }
}

const byIdentity = ({ parts }: Blueprint): ReadonlyMap<string, Resource> =>
  new Map(parts.flatMap(({ resources }) => resources.map((resource) => [identityOf(resource), resource] as const)))

const differencesOf = (one: ReadonlyMap<string, Resource>, other: ReadonlyMap<string, Resource>): readonly string[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter(
    (identity) => JSON.stringify(one.get(identity)) !== JSON.stringify(other.get(identity)),
  )

/** What else its units were started with stays what they remember of it. */
function asItStands(resource: Resource, observation: Observation): readonly Resource[] {
  if (resource.kind === 'file') {
    const fact = factsOf(observation, 'file').get(resource.path)
    if (fact === undefined) return []
    const { content, mode, owner, group } = fact
    return [{ ...resource, content, mode, owner, group }]
  }
  if (resource.kind === 'symlink') {
    const fact = factsOf(observation, 'symlink').get(resource.path)
    return fact === undefined ? [] : [{ ...resource, target: fact.target }]
  }
  return [resource]
}

/** The current file with the difference; `undefined` where its content is too different from the expected one. */
function patch(wanted: File, before: Resource | undefined, observation: Observation): File | undefined {
  const fact = factsOf(observation, 'file').get(wanted.path)
  if (before?.kind !== 'file' || fact === undefined || fact.isNot !== undefined) return wanted
  if (fact.content === before.content || fact.content === wanted.content) return wanted
  // Exactly: where lines around it are pending themselves, guessing would bring them along.
  for (const context of [3, 2, 1]) {
    const difference = structuredPatch('', '', before.content, wanted.content, '', '', { context })
    const isThereAlready = applyPatch(fact.content, reversePatch(difference)) !== false
    if (isThereAlready) return { ...wanted, content: fact.content }
    const content = applyPatch(fact.content, difference)
    if (content !== false) return { ...wanted, content }
  }
  return undefined
}

/** What runs in a component hears of each file of its own that changes. What does not run, as on a server half set up, is not started. */
const notifiedIn = ({ resources }: Part, differing: ReadonlySet<string>, observation: Observation): readonly string[] =>
  resources.some((one) => 'onChange' in one && one.onChange !== undefined && differing.has(identityOf(one)))
    ? resources.filter((one) => runsNow(one, observation)).map(identityOf)
    : []

function runsNow(resource: Resource, observation: Observation): boolean {
  const kind = kindOf(resource.kind)
  const fact = observation.resources.get(resource.kind)?.get(kind.name(resource))
  return fact !== undefined && kind.runs?.(fact) === true
}

const cannotPatch = (server: string, { path }: File): Refusal => ({
  server,
  what: `${path} has other pending changes, which cannot be separated`,
  why: 'its current content is too different from the config',
  next: `run ${trimaran('up')} first`,
})

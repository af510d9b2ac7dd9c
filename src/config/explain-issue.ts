import type { z } from 'zod'
import { describeKind, describeValue } from './describe-value.ts'
import { explainUnknownKey } from './explain-unknown-key.ts'
import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf, withoutConsequences } from './mistake.ts'
import { rewriteValue } from './rewrite-value.ts'

type Issue = z.core.$ZodIssue
type Keys = readonly (string | number)[]

/** Says in the user's words what the schema found; `input` is the whole config as it was written. */
export function explainIssue(issue: Issue, input: unknown, parent: Keys = []): readonly Mistake[] {
  const keys = [...parent, ...issue.path.map(plainKey)]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => explainUnknownKey(keys, key))
    case 'invalid_type':
      return [wrongType(keys, input, issue.message, [issue.expected])]
    case 'invalid_union':
      return (
        explainClosest(issue.errors, input, keys) ?? [
          wrongType(keys, input, issue.message, expectedTypes(issue.errors)),
        ]
      )
    case 'invalid_key':
      return issue.issues.map((one) => ({ keys, path: pathOf(keys), problem: 'cannot be set', ...adviceIn(one) }))
    default: {
      const value = valueAt(input, keys)
      const found = (maySaySecret(keys) ? describeKind(value) : describeValue(value)).replace(/^the number /, '')
      return [{ keys, path: pathOf(keys), problem: `is ${found}`, ...adviceIn(issue) }]
    }
  }
}

/** Of the branches whose type fits, the one with the fewest mistakes; nothing where all want another type. */
function explainClosest(
  branches: readonly (readonly Issue[])[],
  input: unknown,
  keys: Keys,
): readonly Mistake[] | undefined {
  return branches
    .filter((issues) => !issues.some((issue) => issue.path.length === 0 && wantsOtherType.has(issue.code)))
    .map((issues) => withoutConsequences(issues.flatMap((issue) => explainIssue(issue, input, keys))))
    .toSorted((a, b) => a.length - b.length)[0]
}

const wantsOtherType: ReadonlySet<string> = new Set(['invalid_type', 'invalid_union'])

const expectedTypes = (branches: readonly (readonly Issue[])[]): readonly string[] =>
  branches.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []))

function wrongType(keys: Keys, input: unknown, meant: string, expected: readonly string[]): Mistake {
  const value = valueAt(input, keys)
  const base = { keys, path: pathOf(keys) }
  const isSecret = maySaySecret(keys)
  if (value === undefined && isSecret) return { ...base, problem: 'is undefined', reason: unsetVariable }
  if (value === undefined && keys.length > 0) return { ...base, problem: 'is missing', reason: `it is ${meant}` }
  const problem = `is ${isSecret ? describeKind(value) : describeValue(value)}`
  const suggestion = isSecret ? quotesFor(value) : rewriteValue(value, expected, meant)
  return { ...base, problem, reason: `it must be ${meant}`, ...(suggestion !== undefined && { suggestion }) }
}

/** Values of variables are never shown: any of them may be a secret. */
const maySaySecret = (keys: Keys): boolean => keys[0] === 'app' && keys[1] === 'env' && keys.length === 3

const quotesFor = (value: unknown): string | undefined => (typeof value === 'object' ? undefined : 'put it in quotes')

const unsetVariable = 'it comes from an environment variable that is not set where this command runs'

function adviceIn(issue: Issue): Pick<Mistake, 'reason' | 'suggestion'> {
  const suggestion: unknown = issue.code === 'custom' ? issue.params?.['suggestion'] : undefined
  return { reason: issue.message, ...(typeof suggestion === 'string' && { suggestion }) }
}

const valueAt = (input: unknown, keys: Keys): unknown => keys.reduce(fieldOf, input)

const plainKey = (key: PropertyKey): string | number => (typeof key === 'symbol' ? key.toString() : key)

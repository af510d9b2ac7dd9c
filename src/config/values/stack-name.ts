import type { Check } from './objection.ts'

export const stackNamePattern = /^[a-z]([a-z0-9-]{0,23}[a-z0-9])?$/

/** Objects to names that could not be part of a host name, a folder and a network interface alike. */
export const checkStackName: Check = (value) => {
  if (stackNamePattern.test(value)) return undefined
  const better = stackNameFrom(value)
  return {
    reason:
      'a name has lower-case letters, digits and hyphens, starts with a letter, ends with a letter or a digit, and has at most 25 characters',
    ...(better !== undefined && { suggestion: `write '${better}'` }),
  }
}

/** The nearest name that is allowed, `my-app` for `@me/My App`; nothing where no letter is left. */
export function stackNameFrom(text: string): string | undefined {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/^@[^/]*\//, '')
    .replace(/[^a-z0-9]+/g, '-')
  const name = plain
    .replace(/^[^a-z]+/, '')
    .slice(0, 25)
    .replace(/-+$/, '')
  return stackNamePattern.test(name) ? name : undefined
}

import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'

/** Finds names of the site that stand there twice; the input need not be sound otherwise. */
export function checkDomains(input: unknown): readonly Mistake[] {
  const domains = fieldOf(fieldOf(input, 'balancer'), 'domains')
  if (!Array.isArray(domains)) return []
  return domains.flatMap((domain: unknown, index): readonly Mistake[] => {
    const first = domains.indexOf(domain)
    if (typeof domain !== 'string' || first === index) return []
    const keys = ['balancer', 'domains', index]
    const before = pathOf(['balancer', 'domains', first])
    return [
      { keys, path: pathOf(keys), problem: `is ${domain}, as is ${before}`, suggestion: 'leave out one of the two' },
    ]
  })
}

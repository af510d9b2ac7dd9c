import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'

/** Finds links that lead nowhere, or on servers that the stack does not have. The input need not be sound otherwise. */
export function checkLinks(input: unknown): readonly Mistake[] {
  const links = fieldOf(input, 'links')
  if (!Array.isArray(links)) return []
  return links.flatMap((link: unknown, index): readonly Mistake[] => {
    const keys = ['links', index]
    const ends = ['from', 'to'].filter((end) => fieldOf(link, end) !== undefined)
    const on = fieldOf(link, 'on')
    return [
      ...(ends.length === 1
        ? []
        : [
            {
              keys,
              path: pathOf(keys),
              problem: ends.length === 0 ? 'says neither `from` nor `to`' : 'says both `from` and `to`',
              reason: 'a link has the servers at one end, and computers outside the stack at the other',
              suggestion: "write from: ['10.0.0.5'] for what connects to the servers, to: […] for what they connect to",
            },
          ]),
      ...((on === 'app' || on === 'database') && fieldOf(input, on) === undefined
        ? [
            {
              keys: [...keys, 'on'],
              path: pathOf([...keys, 'on']),
              problem: `is "${on}"`,
              reason: `the stack has no ${on} servers`,
              suggestion: "name a tier that it has, or 'servers'",
            },
          ]
        : []),
    ]
  })
}

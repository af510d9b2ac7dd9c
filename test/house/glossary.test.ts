import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { kindNames } from '../../src/resources/kinds.ts'
import { tierNames } from '../../src/stack/tiers.ts'

const glossary = readFileSync('docs/glossary.md', 'utf8')
const words = [...glossary.matchAll(/^\| ([^|]+?) +\|/gm)]
  .map(([, word]) => word!)
  .filter((word) => word !== 'word' && !word.startsWith('--'))

/** The words of a union or of the keys of an interface, as its source writes them. */
function wordsIn(file: string, from: RegExp, each: RegExp): readonly string[] {
  const source = readFileSync(file, 'utf8')
  const begin = source.search(from)
  const end = source.indexOf('\n\n', begin)
  const found = [...source.slice(begin, end === -1 ? undefined : end).matchAll(each)].map(([, word]) => word!)
  expect(found.length, `${file}: ${from.source}`).toBeGreaterThan(3)
  return found
}

it.each([
  ['kind of resource', kindNames],
  ['tier', tierNames],
  ['state', wordsIn('src/components/component.ts', /^export type State =/m, /'(\w+)'/g)],
  ['role of a component', wordsIn('src/components/roles.ts', /^export interface Roles \{/m, /readonly (\w+):/g)],
  ['event', wordsIn('src/events/event.ts', /^export type Progress/m, /readonly type: '([\w-]+)'/g)],
  ['result', wordsIn('src/events/event.ts', /^export type Result/m, /readonly type: '([\w-]+)'/g)],
  ['action of a step', wordsIn('src/resources/resource.ts', /^ {2}readonly action:\n/m, /^ {4}\| '([\w ]+)'/gm)],
])('each %s is in the glossary', (_, all) => {
  expect(all.filter((word) => !words.includes(word))).toEqual([])
})

it('gives each word once, with one meaning', () => {
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
})

/** Words that had several meanings, or that are not the field's. Whoever needs one of them finds the word to use in the glossary. */
const retired =
  /standing ?orders|\bheirs?\b|\bcallees?\b|\bleavers?\b|farewell|leftovers|waiting[- ]?room|nobody-yet|tak(?:e|es|en|ing)[- ]back|undo_|\broll over\b|who-hears|ask-server|await-free|old-machine|TRI-ROUND|door-\d|place-\d|\/serves\b|orders\.json|isGuest|lingers|goOnOrBack|\bletGo\b|let-go|\bjudge[A-Z]/

it('is kept to: words that were given up do not come back', () => {
  const files = execFileSync('git', ['ls-files', 'src', 'test', 'docs', 'scripts', '*.md'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => existsSync(file) && file !== 'test/house/glossary.test.ts' && file !== 'CHANGELOG.md')
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (retired.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})

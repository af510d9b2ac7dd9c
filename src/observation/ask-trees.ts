import { askTrees, type TreeFact } from '../resources/tree.ts'
import type { Tree } from '../resources/resource.ts'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { createDoubts } from './doubts.ts'
import { askFramed, readFramed } from './frame.ts'
import { readFacts } from './validate-facts.ts'

const section = 'trees'

/** A second question to a server, for trees that it has and that are about to be used. `mark` is as in `Question`. */
export const askForTrees = (trees: readonly Tree[], mark: string): Shell =>
  lines([sh`exec 2>/dev/null`, askFramed([{ name: section, question: askTrees(trees) }], mark)])

/**
 * Reads the answer to `askForTrees`. It never throws.
 * @returns the valid facts, by path: none where it is not an answer to that question.
 */
export function readTrees(answer: string, trees: readonly Tree[], mark: string): ReadonlyMap<string, TreeFact> {
  const answers = readFramed(answer, [section], mark)
  if ('refused' in answers) return new Map()
  const asked = new Set(trees.map(({ path }) => path))
  const facts = readFacts('tree', answers.get(section)!, trees, createDoubts().doubt)
  return new Map([...facts].filter(([path]) => asked.has(path))) as ReadonlyMap<string, TreeFact>
}

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rewriteCount } from './rewrite-count.ts'

/** Each file: the command, the config, and the config afterwards, or what stands in the way and where. */
const folder = join(import.meta.dirname, 'goldens', 'counts')
const files = globSync('*.txt', { cwd: folder }).sort()
const separator = '----------\n'

it.each(files)('%s', async (name) => {
  const file = join(folder, name)
  const [command = '', text = ''] = readFileSync(file, 'utf8').split(separator)
  const [, tier = '', count] = command.trim().split(' ')
  const parts = [command, text, outcomeOf(text, tier, Number(count))]
  await expect(parts.join(separator)).toMatchFileSnapshot(file)
})

it('has a good number of them', () => {
  expect(files.length).toBeGreaterThan(15)
})

function outcomeOf(text: string, tier: string, count: number): string {
  const result = rewriteCount(text, tier, count)
  if ('text' in result) return result.text
  const { obstacle, position, line } = result
  return `${obstacle}${position === undefined ? '' : ` at ${position.line}:${position.column}: ${line}`}\n`
}

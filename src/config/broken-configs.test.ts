import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { compileFunction } from 'node:vm'
import { expect, it } from 'vitest'
import { TrimaranError } from '../errors/failure.ts'
import { renderFailure } from '../errors/render-failure.ts'
import { app, database, text } from './references.ts'
import { parseConfig } from './parse-config.ts'

const folder = join(import.meta.dirname, 'goldens', 'broken')
const files = globSync('*.txt', { cwd: folder }).sort()
const separator = '----------\n'

it.each(files)('%s', async (name) => {
  const file = join(folder, name)
  const [text = ''] = readFileSync(file, 'utf8').split(separator)
  await expect(`${text}${separator}${complaintOf(text)}\n`).toMatchFileSnapshot(file)
})

it('has a good number of them', () => {
  expect(files.map((file) => basename(file)).length).toBeGreaterThan(25)
})

function complaintOf(text: string): string {
  try {
    parseConfig(run(text), { file: 'trimaran.config.ts', text })
  } catch (error) {
    if (error instanceof TrimaranError) return renderFailure(error, { width: 100 })
    throw error
  }
  return 'no mistake was found'
}

const given = { app, database, text }

/** What the text exports, without the ways of a real module. */
function run(text: string): unknown {
  // What it declares itself was not imported.
  const known = Object.entries(given).filter(([name]) => !text.includes(`const ${name} `))
  const body = text.replace('export default', 'return')
  const program = compileFunction(body, ['defineStack', 'process', ...known.map(([name]) => name)])
  return program((stack: unknown) => stack, { env: {} }, ...known.map(([, value]) => value as unknown))
}

// Writes docs/reference from what runs: the verbs' own help, examples of what they print as JSON, the config's schema and comments, and the catalogue of errors.
// With --check it writes nothing and fails when a page is stale. Run by `npm run reference` and `npm run check`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderCommandReference } from '../src/commands/render-command-reference.ts'
import { createJsonSchema } from '../src/config/reference/create-json-schema.ts'
import { documentedFiles, readDocComments } from '../src/config/reference/read-doc-comments.ts'
import { renderConfigReference } from '../src/config/reference/render-config-reference.ts'
import { renderJsonReference } from '../test/house/support/json-reference.ts'
import { renderErrorReference } from '../src/errors/render-error-reference.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs/reference')
const sources = documentedFiles.map((file) => readFileSync(join(root, 'src/config', file), 'utf8'))
const documentation = readDocComments(sources.join('\n'))

const pages = new Map([
  ['commands.md', renderCommandReference()],
  ['config.md', renderConfigReference(documentation)],
  ['config.schema.json', `${JSON.stringify(createJsonSchema(documentation), undefined, 2)}\n`],
  ['errors.md', renderErrorReference()],
  ['json.md', renderJsonReference()],
])

const stale = [...pages].filter(([name, text]) => readPage(name) !== text)
if (!process.argv.includes('--check')) writePages(stale)
else if (stale.length > 0) {
  for (const [name] of stale) process.stderr.write(`docs/reference/${name} is stale: npm run reference\n`)
  process.exitCode = 1
}

function writePages(changed: readonly (readonly [string, string])[]): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of changed) writeFileSync(join(folder, name), text)
  const names = changed.map(([name]) => name).join(', ')
  process.stdout.write(names === '' ? 'docs/reference was up to date\n' : `wrote ${names}\n`)
}

function readPage(name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8')
  } catch {
    return undefined
  }
}

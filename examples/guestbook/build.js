// Copies assets/ to public/assets/ under names that carry a hash of the content, and writes down which became which.
// A changed file has a new name, so a browser may keep what it has for ever.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

const source = path.join(import.meta.dirname, 'assets')
const target = path.join(import.meta.dirname, 'public', 'assets')

await mkdir(target, { recursive: true })

const manifest = {}
for (const name of (await readdir(source)).sort()) {
  const content = await readFile(path.join(source, name))
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8)
  const { name: stem, ext } = path.parse(name)
  await writeFile(path.join(target, `${stem}-${hash}${ext}`), content)
  manifest[name] = `/assets/${stem}-${hash}${ext}`
}
await writeFile(path.join(target, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)

const built = new Set(['manifest.json', ...Object.values(manifest).map((url) => path.basename(url))])
for (const name of await readdir(target)) if (!built.has(name)) await rm(path.join(target, name))

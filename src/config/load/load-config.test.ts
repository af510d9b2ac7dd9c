import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Outcome } from './testing/load-each.ts'

const goldens = join(import.meta.dirname, '..', 'goldens', 'unloadable')
const names = globSync('*.txt', { cwd: goldens })
  .map((name) => name.replace('.txt', ''))
  .sort()
const separator = '----------\n'
const home = mkdtempSync(join(tmpdir(), 'trimaran-load-'))

afterAll(() => rmSync(home, { recursive: true }))

describe('a file that cannot be loaded', () => {
  let failures: ReadonlyMap<string, string | undefined>
  beforeAll(async () => {
    for (const name of names) write(`${name}/trimaran.config.ts`, inputOf(name))
    const outcomes = await load(names)
    failures = new Map(names.map((name, index) => [name, outcomes[index]?.failure?.replaceAll(home, '/home/me')]))
  })

  it.each(names)('%s', async (name) => {
    const golden = join(goldens, `${name}.txt`)
    await expect(`${inputOf(name)}${separator}${failures.get(name)}\n`).toMatchFileSnapshot(golden)
  })

  const inputOf = (name: string) => readFileSync(join(goldens, `${name}.txt`), 'utf8').split(separator)[0]!
})

describe('a file that can be loaded', () => {
  const stack = (more: string) => `defineStack({ name: 'guestbook', balancer: { servers: 1 }, web: { servers: 1 },
    app: { servers: 1, start: 'node server.js' }, database: { servers: 1 }, ${more} })`
  const own = `import { defineStack } from 'trimaran'\n`

  it('is found from a folder below it, and finds its own imports', async () => {
    write(
      'below/trimaran.config.mts',
      `${own}import { memory } from './sizes.ts'\nexport default ${stack('lab: { memory }')}`,
    )
    write('below/sizes.ts', `export const memory: string = '2 GB'\n`)
    write('below/deep/er/.keep', '')
    const [outcome] = await load(['below/deep/er'])
    expect(outcome).toMatchObject({
      file: join(home, 'below/trimaran.config.mts'),
      config: { lab: { memory: 2 * 1024 ** 3 } },
    })
  })

  it('may be JavaScript, in a project of whatever module type', async () => {
    write('plain/trimaran.config.js', `${own}export default ${stack('')}`)
    write('plain/package.json', '{ "type": "commonjs" }')
    write('typed/trimaran.config.ts', `${own}export default ${stack('')} satisfies object`)
    write('typed/package.json', '{ "type": "commonjs" }')
    const outcomes = await load(['plain', 'typed'])
    expect(outcomes.map(({ config }) => config?.name)).toEqual(['guestbook', 'guestbook'])
  })

  it('may export a promise, and use CommonJS modules', async () => {
    write(
      'promise/trimaran.config.ts',
      `${own}import { name } from './name.cjs'\nexport default Promise.resolve({ ...${stack('')}, name })`,
    )
    write('promise/name.cjs', `exports.name = 'promised'`)
    const [outcome] = await load(['promise'])
    expect(outcome?.config?.name).toBe('promised')
  })

  it('is read anew when it, or what it imports, has changed', async () => {
    write(
      'changing/trimaran.config.ts',
      `${own}import { name } from './name.ts'\nimport { writeFileSync } from 'node:fs'
writeFileSync(new URL('name.ts', import.meta.url), "export const name = 'after'")
export default { ...${stack('')}, name }`,
    )
    write('changing/name.ts', `export const name = 'before'`)
    const outcomes = await load(['changing', 'changing'])
    expect(outcomes.map(({ config }) => config?.name)).toEqual(['before', 'after'])
  })

  it('is none where there is none', async () => {
    mkdirSync(join(home, 'empty'))
    const [outcome] = await load(['empty'])
    expect(outcome?.failure?.replaceAll(home, '/home/me')).toMatchInlineSnapshot(`
      "✖ there is no trimaran.config.ts here                                                 TRI-CONFIG-001
        searched /home/me/empty and every folder above it
        → \`trimaran init\` writes one for the app in this folder"
    `)
  })
})

async function load(folders: readonly string[]): Promise<readonly Outcome[]> {
  const script = fileURLToPath(new URL('./testing/load-each.ts', import.meta.url))
  const words = [script, ...folders.map((folder) => join(home, folder))]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words)
  expect(stderr).toBe('')
  const outcomes: readonly Outcome[] = JSON.parse(stdout)
  return outcomes
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(home, name)), { recursive: true })
  writeFileSync(join(home, name), text)
}

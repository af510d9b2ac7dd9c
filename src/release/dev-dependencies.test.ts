import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removeDevDependencies } from './dev-dependencies.ts'
import { namesIn } from './testing/git-repository.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

/** What npm leaves: packages, links to their programs, and its list of them. */
async function installed(packages: Readonly<Record<string, object>>, scripts: Readonly<Record<string, string>> = {}) {
  const tree = await temporaryFolder({
    'package.json': JSON.stringify({ scripts }),
    'node_modules/.package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }),
  })
  for (const [path, { bin = {} }] of Object.entries(packages) as [string, { bin?: Record<string, string> }][]) {
    mkdirSync(join(tree, path), { recursive: true })
    writeFileSync(join(tree, path, 'index.js'), '')
    for (const name of Object.keys(bin)) {
      const programs = join(tree, path.slice(0, path.lastIndexOf('node_modules/')), 'node_modules/.bin')
      mkdirSync(programs, { recursive: true })
      symlinkSync(
        join('..', path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), 'index.js'),
        join(programs, name),
      )
    }
  }
  return tree
}

const tool = { dev: true, bin: { 'a-tool': 'index.js', node: 'index.js' } }

it('removes what npm installed for devDependencies alone, wherever it lies', async () => {
  const tree = await installed({
    'node_modules/used': { bin: { used: 'index.js' } },
    'node_modules/used/node_modules/inner': {},
    'node_modules/@scope/tool': tool,
    'node_modules/both': { devOptional: true },
    'packages/a/node_modules/tool': { dev: true, bin: { other: 'index.js' } },
    'node_modules/../../escape': { dev: true },
  })
  expect(await removeDevDependencies(tree, ['node server.js'])).toEqual({ packages: 2 })
  expect(namesIn(tree).filter((name) => name.includes('node_modules'))).toEqual([
    'node_modules/.bin/used',
    'node_modules/.package-lock.json',
    'node_modules/both/index.js',
    'node_modules/used/index.js',
    'node_modules/used/node_modules/inner/index.js',
  ])
  expect(await removeDevDependencies(tree, [])).toEqual({ packages: 0 })
})

it("removes nothing of a folder that a link leads to: it is the operator's own", async () => {
  const own = await installed({ 'node_modules/tool': { dev: true, bin: { 'a-tool': 'gone.js' } } })
  const tree = await temporaryFolder({ 'package.json': '{}' })
  symlinkSync(join(own, 'node_modules'), join(tree, 'node_modules'))
  const before = namesIn(own)
  expect(await removeDevDependencies(tree, ['node server.js'])).toEqual({ packages: 0 })
  expect(namesIn(own)).toEqual(before)
})

it('removes nothing where npm did not install', async () => {
  const tree = await temporaryFolder({ 'node_modules/tool/index.js': '', 'node_modules/.package-lock.json': 'no json' })
  expect(await removeDevDependencies(tree, ['tool'])).toEqual({ packages: 0 })
  expect(namesIn(tree)).toContain('node_modules/tool/index.js')
})

it.each([
  'a-tool',
  'NODE_ENV=production npx --yes a-tool x',
  'npm run serve',
  'npm start',
  'node -r tool server.js',
  'node --import tool/register server.js',
  './node_modules/.bin/a-tool',
  'node node_modules/tool/index.js',
  'cd x && exec a-tool',
])('misses what a server needs before the server does: %s', async (command) => {
  const tree = await installed(
    { 'node_modules/tool': tool },
    { serve: 'exec a-tool', prestart: 'a-tool', start: 'node x' },
  )
  await expect(removeDevDependencies(tree, [command])).rejects.toMatchObject({
    code: 'TRI-RELEASE-002',
    facts: {
      where: 'app.devDependencies',
      what: `\`${command}\` needs tool, which is in devDependencies and so not in the release`,
    },
  })
  expect(namesIn(tree)).toContain('node_modules/tool/index.js')
})

it.each(['node server.js', 'node tool.js', 'node dist/tool', 'npm run other', 'python3 -m tool', 'echo a-tool'])(
  'lets be what only sounds alike: %s',
  async (command) => {
    const tree = await installed({ 'node_modules/tool': tool }, { other: 'node server.js --tool' })
    expect(await removeDevDependencies(tree, [command])).toEqual({ packages: 1 })
  },
)

import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseConfig } from '../parse-config.ts'
import { TrimaranError } from '../../errors/failure.ts'
import { ecosystems } from './ecosystems/index.ts'
import { apacheConf } from './php-project.ts'
import { readFolder } from './read-folder.ts'
import { initConfig, type InitResult } from './init-config.ts'
import { tellLimits } from './tell-limits.ts'
import { filesIn, goldens, separator } from './testing/goldens.ts'
import { runConfig } from './testing/run-config.ts'

const home = mkdtempSync(join(tmpdir(), 'trimaran-init-'))

afterAll(() => rmSync(home, { recursive: true }))

it.each(globSync('*.txt', { cwd: goldens }).sort())('%s', async (name) => {
  const golden = join(goldens, name)
  const [input = ''] = readFileSync(golden, 'utf8').split(separator)
  const files = filesIn(input)
  const folder = makeFolder(name.replace('.txt', ''), files)
  await expect(`${input}${separator}${await outcomeIn(folder, files)}`).toMatchFileSnapshot(golden)
})

/** What is written and said, or why nothing is. What is written passes our own parser. */
async function outcomeIn(folder: string, before: Readonly<Record<string, string>>): Promise<string> {
  const result = await initConfig(folder).catch((error: unknown) => error)
  if (result instanceof TrimaranError) {
    expect(globSync('**', { cwd: folder }).filter((path) => path.endsWith('trimaran.config.ts'))).toEqual([])
    const { what, why, state, next } = result.facts
    return [result.code, what, why, state, `→ ${next}`, ''].join('\n')
  }
  if (result instanceof Error) throw result
  const { file, text: written, detected, companions } = result as InitResult
  expect(readFileSync(file, 'utf8')).toBe(written)
  expect(companions.filter((name) => name in before)).toEqual([])
  const config = parseConfig(runConfig(written))
  expect(config.app.start).toBe('app' in detected ? detected.app.start : '')
  const said = [
    ...detected.guessed.map((setting) => `${setting} is a guess`),
    ...companions.map((name) => `${name} is written, too`),
    ...detected.advice,
  ]
  return written + said.map((line) => `· ${line}\n`).join('')
}

it('writes nothing where no app can be', async () => {
  const at = makeFolder('at-home', { 'index.html': '' })
  await expect(initConfig(at, { home: at })).rejects.toMatchObject({
    code: 'TRI-CONFIG-009',
    facts: { what: 'This is your home folder, and no app', state: 'nothing was written' },
  })
  await expect(initConfig('/')).rejects.toMatchObject({ code: 'TRI-CONFIG-009' })
  await expect(initConfig(join(home, 'nowhere'))).rejects.toMatchObject({
    facts: { what: 'This folder cannot be read' },
  })
})

it('takes the command that the user names, with or without an app', async () => {
  const named = await initConfig(makeFolder('named', { 'Package.swift': '' }), { start: './server --fast' })
  expect(named.text).toContain("start: './server --fast',")
  const node = await initConfig(
    makeFolder('named-other', {
      'package.json': '{ "scripts": { "start": "node a.js" }, "dependencies": { "express": "5" } }',
    }),
    { start: 'node b.js' },
  )
  expect(node.text).toContain("start: 'node b.js',")
  expect(node.text).toContain("build: 'npm install',")
})

it('says what it could not read', async () => {
  const folder = makeFolder('unreadable', { 'index.html': '' })
  symlinkSync('nowhere', join(folder, 'package.json'))
  execFileSync('mkfifo', [join(folder, 'composer.json')])
  const { detected } = await initConfig(folder)
  expect(detected.advice).toEqual(['composer.json, package.json could not be read: what it says was not considered'])
})

it('looks at a bounded part of a folder, the upper part first', async () => {
  const inner = Array.from({ length: 30 }, (_, index) => [`a/${index}`, ''])
  const folder = makeFolder('large', {
    'z.txt': '',
    'b/c.txt': '',
    'node_modules/d.txt': '',
    ...Object.fromEntries(inner),
  })
  const { folder: seen, leftOut } = await readFolder(folder, { entries: 20 })
  expect([leftOut.names, seen.has('z.txt'), seen.has('b'), seen.has('a/3'), seen.has('b/c.txt')]).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
  const all = await readFolder(folder)
  expect([all.leftOut.names, all.folder.has('b/c.txt'), all.folder.has('node_modules/d.txt')]).toEqual([
    false,
    true,
    false,
  ])
})

it('says what it passed over in a large folder, and nothing where all of it was seen', async () => {
  const folder = makeFolder('just-fits', { 'a/b.js': '', 'c.js': '' })
  const leftOutBy = async (entries: number, texts: number) => (await readFolder(folder, { entries, texts })).leftOut
  expect(await leftOutBy(3, 2)).toEqual({ names: false, texts: 0 })
  expect(await leftOutBy(2, 2)).toEqual({ names: true, texts: 0 })
  expect(await leftOutBy(3, 1)).toEqual({ names: false, texts: 1 })
  expect(tellLimits({ unreadable: [], leftOut: { names: false, texts: 0 } })).toEqual([])
  expect(tellLimits({ unreadable: [], leftOut: { names: true, texts: 3 } })).toEqual([
    'the folder is large: only its first 5,000 names, from the top down, were considered',
    '400 files were read, those near the top first; what 3 others say was not considered',
  ])
})

it('is described: the table has every ecosystem in the order in which they are tried, and every config passes our own parser', () => {
  const pages = join(import.meta.dirname, '../../../docs/apps')
  const table = readFileSync(join(pages, 'README.md'), 'utf8')
  const [, listed = ''] = /^## What `init` knows\n\n\|[^\n]+\n\|[^\n]+\n((?:\|[^\n]+\n)+)/m.exec(table) ?? []
  expect([...listed.matchAll(/^\| ([^|]+?) *\|/gm)].map(([, name]) => name)).toEqual(ecosystems.map(({ name }) => name))
  const configs = globSync('*.md', { cwd: pages }).flatMap((page) =>
    [...readFileSync(join(pages, page), 'utf8').matchAll(/^```ts\n(import [^`]*)^```/gm)].map(([, source]) => source!),
  )
  expect(configs.length).toBeGreaterThan(8)
  for (const source of configs) expect(parseConfig(runConfig(source)).balancer.servers).toBe(2)
})

it('writes the settings of Apache that the page on PHP has', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/apps/php.md'), 'utf8')
  expect(/^```apache\n(.*?)^```/ms.exec(page)?.[1]).toBe(apacheConf('public'))
  expect(apacheConf('')).toContain('DocumentRoot "${PWD}"\n')
})

it('leaves a config that is there as it is', async () => {
  const folder = makeFolder('taken', { 'trimaran.config.mjs': 'mine' })
  await expect(initConfig(folder)).rejects.toMatchObject({ code: 'TRI-CONFIG-005', exitCode: 2 })
  expect(globSync('**', { cwd: folder }).sort()).toEqual(['.', 'trimaran.config.mjs'])
})

it('has git ignore the folder of the key, once', async () => {
  const folder = makeFolder('under-git', { '.gitignore': 'node_modules', 'index.html': '' })
  const ignore = join(folder, '.gitignore')
  expect((await initConfig(folder)).ignored).toBe(true)
  expect(readFileSync(ignore, 'utf8')).toBe('node_modules\n.trimaran/\n')
  rmSync(join(folder, 'trimaran.config.ts'))
  expect((await initConfig(folder)).ignored).toBe(false)
  expect(readFileSync(ignore, 'utf8')).toBe('node_modules\n.trimaran/\n')
})

it('makes a .gitignore below a git work tree, and none elsewhere', async () => {
  makeFolder('tree', { '.git/HEAD': '' })
  const inside = makeFolder('tree/app', { 'index.html': '' })
  expect((await initConfig(inside)).ignored).toBe(true)
  expect(readFileSync(join(inside, '.gitignore'), 'utf8')).toBe('.trimaran/\n')
  expect((await initConfig(makeFolder('no-tree', { 'index.html': '' }))).ignored).toBe(false)
})

function makeFolder(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(home, name)
  mkdirSync(folder, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compileFunction } from 'node:vm'
import { afterAll, expect, it } from 'vitest'
import { parseConfig } from '../parse-config.ts'
import { initConfig } from './init-config.ts'

const goldens = join(import.meta.dirname, 'goldens')
const separator = '----------\n'
const home = mkdtempSync(join(tmpdir(), 'trimaran-init-'))

afterAll(() => rmSync(home, { recursive: true }))

it.each(globSync('*.txt', { cwd: goldens }).sort())('%s', async (name) => {
  const golden = join(goldens, name)
  const [input = ''] = readFileSync(golden, 'utf8').split(separator)
  const folder = makeFolder(name.replace('.txt', ''), filesIn(input))
  const { file, text, detected } = await initConfig(folder)
  const unsure = detected.guessed.length === 0 ? '' : `guessed: ${detected.guessed.join(', ')}\n`
  await expect(`${input}${separator}${text}${unsure}`).toMatchFileSnapshot(golden)
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect(parseConfig(run(text)).app.start).toBe(detected.start)
})

it('leaves a config that is there as it is', async () => {
  const folder = makeFolder('taken', { 'trimaran.config.mjs': 'mine' })
  await expect(initConfig(folder)).rejects.toMatchObject({ code: 'TRI-CONFIG-005', exitCode: 2 })
  expect(globSync('**', { cwd: folder }).sort()).toEqual(['.', 'trimaran.config.mjs'])
})

it('has git ignore the folder of the key, once', async () => {
  const folder = makeFolder('under-git', { '.gitignore': 'node_modules' })
  const ignore = join(folder, '.gitignore')
  expect((await initConfig(folder)).ignored).toBe(true)
  expect(readFileSync(ignore, 'utf8')).toBe('node_modules\n.trimaran/\n')
  rmSync(join(folder, 'trimaran.config.ts'))
  expect((await initConfig(folder)).ignored).toBe(false)
  expect(readFileSync(ignore, 'utf8')).toBe('node_modules\n.trimaran/\n')
})

it('makes a .gitignore below a git work tree, and none elsewhere', async () => {
  makeFolder('tree', { '.git/HEAD': '' })
  const inside = makeFolder('tree/app', {})
  expect((await initConfig(inside)).ignored).toBe(true)
  expect(readFileSync(join(inside, '.gitignore'), 'utf8')).toBe('.trimaran/\n')
  expect((await initConfig(makeFolder('no-tree', {}))).ignored).toBe(false)
})

function makeFolder(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(home, name)
  mkdirSync(folder, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Reads `--- path` and the lines below it. */
function filesIn(input: string): Readonly<Record<string, string>> {
  const parts = input.split(/^--- /m).slice(1)
  return Object.fromEntries(
    parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const),
  )
}

/** What the text exports, without the ways of a real module. */
function run(text: string): unknown {
  const body = text.replace(/^import .*$/m, '').replace('export default', 'return')
  return compileFunction(body, ['defineStack'])((stack: unknown) => stack)
}

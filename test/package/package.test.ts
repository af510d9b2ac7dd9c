import { globSync, statSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Ran, runProgram } from '../lab/support/run-program.ts'

/** The packed tarball, as a user would get it, in a folder that knows nothing of this one. */

const root = new URL('../../', import.meta.url).pathname
let folder: string
let tarball: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trimaran-package-'))
  const { code, stdout, stderr } = await run('npm', ['pack', '--json', '--pack-destination', folder], root)
  if (code !== 0) throw new Error(stderr)
  tarball = /trimaran-[\d.]+\.tgz/.exec(stdout)![0]
  await writeFile(join(folder, 'package.json'), '{ "name": "My Shop", "scripts": { "start": "node index.js" } }\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (program: string, words: readonly string[], cwd: string): Promise<Ran> =>
  runProgram(program, words, { cwd }).ended
const npx = (...words: readonly string[]): Promise<Ran> => run('npx', ['--yes', `./${tarball}`, ...words], folder)

it('tells its version', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  expect((await npx('--version')).stdout.trim()).toBe(version)
})

it('brings the programs that servers get', async () => {
  const { stdout } = await run('tar', ['-tf', tarball], folder)
  const programs = globSync('**/files/**', { cwd: join(root, 'src'), exclude: ['**/__pycache__'] }).filter((path) =>
    statSync(join(root, 'src', path)).isFile(),
  )
  expect(programs.length).toBeGreaterThan(0)
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(programs.map((one) => `package/dist/${one}`)))
})

it('writes a config for the app beside it', async () => {
  const { code, stdout, stderr } = await npx('init')
  expect(code, stdout + stderr).toBe(0)
  expect(await readFile(join(folder, 'trimaran.config.ts'), 'utf8')).toContain("name: 'my-shop'")
})

it('understands that config, whose import is not installed there', async () => {
  const { code, stdout, stderr } = await npx('explain')
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('my-shop: four servers in three tiers')
})

it('says in words what is wrong, and leaves with 2', async () => {
  const { code, stderr } = await npx('exec', 'web-9', '--', 'true')
  expect(code).toBe(2)
  expect(stderr).toContain('→')
})

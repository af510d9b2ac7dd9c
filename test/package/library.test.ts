import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Ran, runProgram } from '../lab/support/run-program.ts'

/** The library of the packed tarball, installed in a folder that knows nothing of this one: no terminal, and no server. */

const root = new URL('../../', import.meta.url).pathname
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trimaran-library-'))
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], root)
  if (packed.code !== 0) throw new Error(packed.stderr)
  const tarball = /trimaran-[\d.]+\.tgz/.exec(packed.stdout)![0]
  await writeFile(join(folder, 'package.json'), '{ "name": "dashboard", "type": "module" }\n')
  const installed = await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`], folder)
  if (installed.code !== 0) throw new Error(installed.stderr)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (program: string, words: readonly string[], cwd: string): Promise<Ran> =>
  runProgram(program, words, { cwd }).ended

it('runs the example of its page as that says', async () => {
  const page = await readFile(join(root, 'docs', 'library.md'), 'utf8')
  const [, example = ''] = /```js\n(\/\/ plan-a-shop\.mjs\n.*?)```/s.exec(page) ?? []
  const [, promised = ''] = /then:\n\n```\n(.*?)```/s.exec(page) ?? []
  await writeFile(join(folder, 'plan-a-shop.mjs'), example)
  const { code, stdout, stderr } = await run(process.execPath, ['plan-a-shop.mjs'], folder)
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('planned database: db-1\n')
  expect(stdout.endsWith(promised), stdout).toBe(true)
  expect(promised).not.toBe('')
})

it('has types of its own', async () => {
  const program = [
    "import { deploy, openSession, type Operator, type ReleaseProposal, TrimaranError } from 'trimaran/operations'",
    "const operator: Operator<ReleaseProposal> = { emit: ({ type }) => void type, confirm: ({ stackState }) => stackState.release !== '' }",
    'export const release = async (): Promise<string> =>',
    '  (await deploy(await openSession({ lab: true }), { same: true }, operator)).release',
    'export const isOurs = (error: unknown): boolean => error instanceof TrimaranError && error.facts.what !== undefined',
  ].join('\n')
  await writeFile(join(folder, 'dashboard.ts'), `${program}\n`)
  const words = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', '', 'dashboard.ts']
  const { code, stdout } = await run(join(root, 'node_modules', '.bin', 'tsc'), ['--skipLibCheck', ...words], folder)
  expect(code, stdout).toBe(0)
})

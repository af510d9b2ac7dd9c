import { readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copySource } from './copy-source.ts'
import { runProgram } from './run-program.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const files = {
  'server.js': '1',
  'src/app.js': '2',
  'src/node_modules/inner/index.js': 'x',
  'node_modules/left-pad/index.js': 'x',
  '.trimaran/key': 'secret',
  '.env': 'SECRET=1',
  'config/.env.local': 'SECRET=1',
  '.env.example': 'SECRET=',
}

async function listed(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}

it('outside of git: everything but installed packages, secrets and what is of Trimaran', async () => {
  const source = await temporaryFolder(files)
  await symlink('src/app.js', join(source, 'link.js'))
  const destination = join(await temporaryFolder(), 'release')
  const { files: copied, withheld } = await copySource(source, destination)
  expect({ copied, withheld: withheld.toSorted() }).toEqual({ copied: 4, withheld: ['.env', 'config/.env.local'] })
  expect(await listed(destination)).toEqual(['.env.example', 'link.js', 'server.js', 'src/app.js'])
})

it('in git: what is tracked, and what is new and not ignored', async () => {
  const source = await temporaryFolder({
    ...files,
    '.gitignore': 'node_modules/\nignored.js\n',
    'ignored.js': 'x',
    'gone.js': 'x',
  })
  await runProgram('/bin/sh', ['-c', 'git init -q && git add server.js gone.js .gitignore'], { cwd: source })
  await rm(join(source, 'gone.js'))
  const destination = join(await temporaryFolder(), 'release')
  expect((await copySource(source, destination)).withheld.toSorted()).toEqual(['.env', 'config/.env.local'])
  expect(await listed(destination)).toEqual(['.env.example', '.gitignore', 'server.js', 'src/app.js'])
})

it('gives the build what git tracks, and what fetches packages, whatever it looks like', async () => {
  const source = await temporaryFolder({
    '.env.production': 'API=x',
    '.npmrc': 'registry=x',
    '.netrc': 'x',
    'a.js': '',
  })
  await runProgram('/bin/sh', ['-c', 'git init -q && git add .env.production'], { cwd: source })
  const destination = join(await temporaryFolder(), 'release')
  expect((await copySource(source, destination)).withheld).toEqual(['.netrc'])
  expect(await listed(destination)).toEqual(['.env.production', '.npmrc', 'a.js'])
})

it('copies what is meant to be shipped although git ignores it', async () => {
  const source = await temporaryFolder({
    '.gitignore': 'certs/\n',
    'certs/ca.key': 'x',
    'certs/sub/b.key': '',
    'a.js': '',
  })
  await runProgram('/bin/sh', ['-c', 'git init -q'], { cwd: source })
  const destination = join(await temporaryFolder(), 'release')
  await copySource(source, destination, { include: ['certs', 'none'] })
  expect(await listed(destination)).toEqual(['.gitignore', 'a.js', 'certs/ca.key', 'certs/sub/b.key'])
})

it('takes all that a revision holds for tracked', async () => {
  const source = await temporaryFolder({ '.env.production': 'API=x' })
  const destination = join(await temporaryFolder(), 'release')
  expect(await copySource(source, destination, { isTracked: true })).toEqual({ files: 1, withheld: [] })
})

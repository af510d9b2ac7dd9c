import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packRelease } from './pack-release.ts'
import { listPublicFiles } from './public-files.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'
import { makeWritableFolders } from './writable-folders.ts'

/** As Laravel has it: a folder with a skeleton, and a link to it among the static files. */
async function imagineTree(): Promise<string> {
  const tree = join(await temporaryFolder(), 'tree')
  mkdirSync(join(tree, 'storage/app/public'), { recursive: true })
  writeFileSync(join(tree, 'storage/app/public/.gitignore'), '*')
  mkdirSync(join(tree, 'public/uploads'), { recursive: true })
  writeFileSync(join(tree, 'public/index.html'), 'home')
  writeFileSync(join(tree, 'public/uploads/old.png'), 'of this computer')
  symlinkSync('../storage/app/public', join(tree, 'public/storage'))
  symlinkSync('../storage/not/there/yet', join(tree, 'public/later'))
  symlinkSync('/var/lib/uploads', join(tree, 'files'))
  return tree
}
const writable = ['storage', 'public/uploads', 'files', 'new/folder']

it('makes a folder of each, also where a link led elsewhere', async () => {
  const tree = await imagineTree()
  await makeWritableFolders(tree, writable)
  for (const folder of writable) expect(lstatSync(join(tree, folder)).isDirectory()).toBe(true)
  expect(existsSync(join(tree, 'storage/app/public/.gitignore'))).toBe(true)
  await expect(makeWritableFolders(tree, ['public/index.html'])).rejects.toThrow('is no folder in the release')
})

it('touches nothing behind a link, which leads anywhere on this computer', async () => {
  const tree = await imagineTree()
  const elsewhere = join(tree, '..', 'elsewhere')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'notes'), 'of the operator')
  symlinkSync('notes', join(elsewhere, 'uploads'))
  symlinkSync(elsewhere, join(tree, 'shared'))
  for (const folder of ['shared/uploads', 'shared/new/folder'])
    await expect(makeWritableFolders(tree, [folder])).rejects.toThrow(`shared is a link in the release, and ${folder}`)
  await expect(makeWritableFolders(tree, ['public/index.html/more'])).rejects.toThrow('index.html is no folder')
  expect(readdirSync(elsewhere).toSorted()).toEqual(['notes', 'uploads'])
})

it('leaves what lies there, and what leads there, to the app', async () => {
  const tree = await imagineTree()
  await expect(listPublicFiles(join(tree, 'public'))).rejects.toThrow('cannot be published')
  await makeWritableFolders(tree, writable)
  const found = await listPublicFiles(
    join(tree, 'public'),
    writable.map((folder) => join(tree, folder)),
  )
  expect(found).toEqual(['index.html'])
})

it('ships an empty folder to the app, and nothing of it to web servers', async () => {
  const tree = await imagineTree()
  await makeWritableFolders(tree, writable)
  const into = join(tree, '..', 'releases')
  const { app, static: files } = await packRelease({
    name: '20261201-120000',
    tree,
    hasApp: true,
    writable,
    root: 'public',
    into,
  })
  const namesIn = (archive: string): string => execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' })
  expect(namesIn(app!)).toContain('./new/folder/')
  expect(namesIn(files)).toBe('./index.html\n')
  expect(readdirSync(into)).toEqual(['20261201-120000'])
})

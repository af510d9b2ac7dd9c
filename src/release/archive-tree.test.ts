import { execFileSync } from 'node:child_process'
import { appendFileSync, linkSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { digestOf, readDigests } from './digests.ts'
import { archiveTree, type StoredTree } from './archive-tree.ts'
import { packRelease } from './pack-release.ts'
import { namesIn } from './testing/git-repository.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const release = '20261122-213700-abc1234'

/** A release that was packed, and unpacked as a server does it. */
async function placed() {
  const folder = await temporaryFolder({
    'tree/server.js': 'serve()',
    'tree/public/b.css': 'body {}',
    'tree/public/ä.html': 'hello',
    'tree/public/z/a.html': 'hello',
    [`tree/node_modules/${'deep/'.repeat(30)}index.js`]: 'module.exports = 1',
  })
  mkdirSync(join(folder, 'tree/empty'), { mode: 0o700 })
  symlinkSync('../server.js', join(folder, 'tree/node_modules/main.js'))
  symlinkSync('b.css', join(folder, 'tree/public/a.css'))
  const odd = String.raw`cd tree/public; for name in -rf '*?[x]' ' a ' $'line\nend' $'caf\351' $'back\\slash' $'a\n.b' "$(printf %0255d 0)"; do echo x >"./$name"; done; chmod 4755 -- ./-rf; mkdir z/$'\377'; echo x >z/$'\377/\376'; ln -s z linked`
  execFileSync('bash', ['-euc', odd], { cwd: folder })
  linkSync(join(folder, 'tree/server.js'), join(folder, 'tree/other.js'))
  const into = join(folder, 'releases')
  const archives = await packRelease({ name: release, tree: join(folder, 'tree'), hasApp: true, root: 'public', into })
  const path = (sort: StoredTree['sort']): string => join(folder, 'placed', sort)
  for (const sort of ['app', 'static'] as const) {
    mkdirSync(path(sort), { recursive: true })
    execFileSync('tar', ['-xzf', archives[sort]!, '-C', path(sort), '--no-same-owner'])
    execFileSync('chown', ['-hR', 'root:root', path(sort)])
  }
  const handed = async (sort: StoredTree['sort']): Promise<string> => {
    const out = join(folder, `${sort}.tar.gz`)
    await writeFile(out, execFileSync('bash', ['-c', archiveTree({ release, sort, path: path(sort) }).text]))
    return await digestOf(out)
  }
  return { digests: await readDigests(into, release), path, handed }
}

it('hands out what was packed, whatever it lies on', async () => {
  const { digests, path, handed } = await placed()
  utimesSync(join(path('app'), 'server.js'), 1, 1)
  // As a file is put right that was changed.
  execFileSync('cp', ['-a', '--remove-destination', join(path('app'), 'server.js'), join(path('app'), 'other.js')])
  expect(digests).toMatchObject({ app: await handed('app'), static: await handed('static') })
})

it('places names of every kind, and what is behind a link to a folder', async () => {
  const { path } = await placed()
  const odd = [
    ' a ',
    '*?[x]',
    '-rf',
    'back\\slash',
    'caf\u00e9',
    'linked/a.html',
    'linked/\u00ff/\u00fe',
    'z/\u00ff/\u00fe',
    'line\nend',
    'a\n.b',
    '0'.repeat(255),
  ]
  expect(namesIn(path('static'))).toEqual(expect.arrayContaining(odd))
  expect(namesIn(path('app'))).toEqual(
    expect.arrayContaining(odd.filter((name) => !name.startsWith('linked')).map((name) => `public/${name}`)),
  )
  expect(statSync(join(path('app'), 'public/-rf')).mode & 0o7777).toBe(0o755)
})

it('hands out something else where any of it was changed', async () => {
  const { digests, path, handed } = await placed()
  appendFileSync(join(path('app'), 'server.js'), '//')
  rmSync(join(path('static'), 'z'), { recursive: true })
  expect(await handed('app')).not.toBe(digests?.app)
  expect(await handed('static')).not.toBe(digests?.static)
})

it('knows nothing of a release that was not built here', async () => {
  expect(await readDigests(await temporaryFolder(), release)).toBeUndefined()
})

import { chmodSync, existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exportRevision } from './export-revision.ts'
import { fresh, namesIn, repository, shell } from './testing/git-repository.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

async function exported(source: string, revision: string) {
  const destination = await fresh()
  await exportRevision({ source, revision, work: await temporaryFolder() }, destination)
  return { names: namesIn(destination), destination }
}

it('has all that a revision tracks: what is export-ignore, packages that were committed, links and modes', async () => {
  const source = await repository({
    '.gitattributes': 'docs export-ignore\n*.txt text eol=crlf\n',
    'docs/a.md': '',
    'node_modules/kept/index.js': '',
    '.env.production': 'API=x',
    'run.sh': '',
    'a.txt': 'one\n',
    'caf\u00e9.js': '',
  })
  chmodSync(join(source, 'run.sh'), 0o755)
  symlinkSync('docs', join(source, 'to-docs'))
  shell(source, 'git add -A; git commit -qm more; git tag v1; git rm -rq .; git commit -qm gone; echo changed >new.js')
  const { names, destination } = await exported(source, 'v1')
  expect(names).toEqual([
    '.env.production',
    '.gitattributes',
    'a.txt',
    Buffer.from('caf\u00e9.js').toString('latin1'),
    'docs/a.md',
    'node_modules/kept/index.js',
    'run.sh',
    'to-docs',
  ])
  expect(readFileSync(join(destination, 'a.txt'), 'utf8')).toBe('one\r\n')
  expect(lstatSync(join(destination, 'run.sh')).mode & 0o777).toBe(0o755)
  expect(shell(source, 'git status --porcelain')).toBe('?? new.js\n')
})

it('has submodules as the revision had them, wherever they are now', async () => {
  const deep = await repository({ 'd.js': '1' })
  const lib = await repository({ 'l.js': '1' })
  const outer = await repository({ 'server.js': '1' })
  const allow = 'git -c protocol.file.allow=always'
  shell(lib, `${allow} submodule --quiet add ${deep} deep; git commit -qm deep`)
  shell(
    outer,
    `${allow} submodule --quiet add --name other ${lib} lib; ${allow} submodule --quiet update --init --recursive; git commit -qm lib; git tag v1`,
  )
  shell(lib, 'echo 2 >l.js; git commit -qam two')
  shell(outer, `${allow} -C lib pull -q origin main; git mv lib moved; git commit -qam moved`)
  const first = await exported(outer, 'v1')
  expect(first.names).toEqual(['.gitmodules', 'lib/.gitmodules', 'lib/deep/d.js', 'lib/l.js', 'server.js'])
  expect(readFileSync(join(first.destination, 'lib/l.js'), 'utf8')).toBe('1')
  const second = await exported(outer, 'HEAD')
  expect(readFileSync(join(second.destination, 'moved/l.js'), 'utf8')).toBe('2\n')

  const clone = join(await temporaryFolder(), 'clone')
  shell('/', `git clone -q ${outer} ${clone}`)
  await expect(exported(clone, 'v1')).rejects.toMatchObject({
    code: 'TRI-RELEASE-006',
    facts: { what: 'The submodule lib of revision v1 is not here' },
  })
})

it('has a part of a repository, with what is above it in force there', async () => {
  const source = await repository({
    '.gitattributes': '*.txt eol=crlf\n',
    'apps/shop/a.txt': 'x\n',
    'apps/blog/b.js': '',
  })
  const { names, destination } = await exported(join(source, 'apps/shop'), 'HEAD')
  expect(names).toEqual(['a.txt'])
  expect(readFileSync(join(destination, 'a.txt'), 'utf8')).toBe('x\r\n')
})

it('works in a second work tree', async () => {
  const source = await repository({ 'a.js': '' })
  const second = join(await temporaryFolder(), 'second')
  shell(source, `git worktree add -q ${second}`)
  expect((await exported(second, 'HEAD')).names).toEqual(['a.js'])
})

it.each([
  ['no-such', 'TRI-RELEASE-006'],
  ['--help', 'TRI-RELEASE-006'],
  ['HEAD:a.js', 'TRI-RELEASE-006'],
])('knows no revision %s', async (revision, code) => {
  await expect(exported(await repository({ 'a.js': '' }), revision)).rejects.toMatchObject({ code })
})

it('stops where the revision lacks the folder of the source', async () => {
  const source = await repository({ 'a.js': '' })
  shell(source, 'git tag v1; mkdir app; touch app/b.js; git add -A; git commit -qm app')
  await expect(exported(join(source, 'app'), 'v1')).rejects.toMatchObject({
    code: 'TRI-RELEASE-006',
    facts: { what: 'Revision v1 has nothing in app/' },
  })
})

it('stops where git refuses, and where objects are missing', async () => {
  const source = await repository({ 'a.js': 'content' })
  shell(source, 'rm -f .git/objects/$(git rev-parse HEAD:a.js | sed "s:^..:&/:")')
  const destination = await fresh()
  const ends = exportRevision({ source, revision: 'HEAD', work: await temporaryFolder() }, destination)
  await expect(ends).rejects.toMatchObject({ code: 'TRI-RELEASE-007' })
  expect(existsSync(destination)).toBe(false)
  writeFileSync(join(source, '.git/config'), '[')
  await expect(exported(source, 'HEAD')).rejects.toMatchObject({ code: 'TRI-RELEASE-007' })
})

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copySource } from './copy-source.ts'
import { fresh, namesIn, repository, shell } from './testing/git-repository.ts'
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

const secrets = [
  { path: '.env', why: 'secret' },
  { path: 'config/.env.local', why: 'secret' },
]

async function copied(source: string, include: readonly string[] = []) {
  const destination = await fresh()
  const { leftOut, isIgnored } = await copySource(source, destination, { include })
  return {
    names: namesIn(destination),
    leftOut: leftOut.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    isIgnored,
    destination,
  }
}

describe('outside of git', () => {
  it('copies everything but installed packages, secrets and what is of Trimaran; empty folders, too', async () => {
    const source = await temporaryFolder(files)
    symlinkSync('src/app.js', join(source, 'link.js'))
    mkdirSync(join(source, 'tmp/pids'), { recursive: true })
    const { names, leftOut, destination } = await copied(source)
    expect(leftOut).toEqual(secrets)
    expect(names).toEqual(['.env.example', 'link.js', 'server.js', 'src/app.js'])
    expect(lstatSync(join(destination, 'tmp/pids')).isDirectory()).toBe(true)
  })

  it('names what cannot be shipped', async () => {
    const source = await temporaryFolder({ 'a.js': '' })
    execFileSync('mkfifo', [join(source, 'pipe')])
    expect(await copied(source)).toMatchObject({ names: ['a.js'], leftOut: [{ path: 'pipe', why: 'special' }] })
  })
})

describe('in git', () => {
  it('copies what is tracked, and what is new and not ignored', async () => {
    const source = await temporaryFolder({
      ...files,
      '.gitignore': 'node_modules/\nignored.js\n',
      'ignored.js': 'x',
      'gone.js': 'x',
    })
    shell(source, 'git init -q; git add server.js gone.js .gitignore; rm gone.js')
    const { names, leftOut } = await copied(source)
    expect(leftOut).toEqual(secrets)
    expect(names).toEqual(['.env.example', '.gitignore', 'server.js', 'src/app.js'])
  })

  it('gives the build what git tracks, and what fetches packages, whatever it looks like', async () => {
    const source = await repository({ '.env.production': 'API=x', 'node_modules/kept/index.js': '' })
    for (const name of ['.npmrc', '.netrc', 'a.js']) writeFileSync(join(source, name), 'x')
    const { names, leftOut } = await copied(source)
    expect(leftOut).toEqual([{ path: '.netrc', why: 'secret' }])
    expect(names).toEqual(['.env.production', '.npmrc', 'a.js', 'node_modules/kept/index.js'])
  })

  it('copies what is meant to be shipped although git ignores it', async () => {
    const source = await repository({ '.gitignore': 'certs/\n', 'a.js': '' })
    mkdirSync(join(source, 'certs/sub'), { recursive: true })
    for (const name of ['certs/ca.key', 'certs/sub/b.key']) writeFileSync(join(source, name), 'x')
    const { names } = await copied(source, ['certs', 'none'])
    expect(names).toEqual(['.gitignore', 'a.js', 'certs/ca.key', 'certs/sub/b.key'])
  })

  it('copies a part of a repository alone', async () => {
    const source = await repository({ 'apps/shop/server.js': '', 'apps/blog/server.js': '', 'README.md': '' })
    expect((await copied(join(source, 'apps/shop'))).names).toEqual(['server.js'])
  })

  it('takes a folder that git ignores as a whole as it is, and says so', async () => {
    const source = await repository({ '.gitignore': 'dist/\n' })
    mkdirSync(join(source, 'dist'))
    for (const name of ['dist/main.js', 'dist/.env']) writeFileSync(join(source, name), '')
    expect(await copied(join(source, 'dist'))).toMatchObject({ names: ['main.js'], isIgnored: true })
    expect(await copied(source)).toMatchObject({ names: ['.gitignore'], isIgnored: false })
  })

  it('keeps names of every kind apart, to the byte', async () => {
    const source = await repository()
    const names = [
      '-rf',
      '--',
      'A.js',
      'a.js',
      'line\nend',
      'tab\tquote"back\\slash',
      ' space ',
      '*?[x]',
      ':(top)',
      'caf\u00e9'.repeat(1), // No UTF-8: the byte E9 alone.
      '\u00ff\u00fe',
      `${'long/'.repeat(120)}${'n'.repeat(255)}`,
    ].toSorted()
    for (const name of names)
      execFileSync(
        '/bin/bash',
        ['-c', 'IFS= read -rd "" name; mkdir -p -- "$(dirname -- "./$name")"; echo x >"./$name"'],
        {
          cwd: source,
          input: Buffer.from(`${name}\0`, 'latin1'),
        },
      )
    shell(source, 'git add -A -- . ; git rm -q --cached -- "./-rf"')
    expect((await copied(source)).names).toEqual(names)
  })

  it('copies links as they are, wherever they lead, and modes', async () => {
    const source = await repository({ 'run.sh': '', 'folder/a.js': '' })
    chmodSync(join(source, 'run.sh'), 0o755)
    for (const [name, target] of [
      ['absolute', '/etc/hostname'],
      ['dangling', 'no/such'],
      ['outside', '../../x'],
      ['to-folder', 'folder'],
    ] as const)
      symlinkSync(target, join(source, name))
    shell(source, 'git add -A')
    const { destination } = await copied(source)
    expect(
      ['absolute', 'dangling', 'outside', 'to-folder'].map((name) => readlinkSync(join(destination, name))),
    ).toEqual(['/etc/hostname', 'no/such', '../../x', 'folder'])
    expect(lstatSync(join(destination, 'run.sh')).mode & 0o777).toBe(0o755)
    expect(lstatSync(join(destination, 'folder/a.js')).mode & 0o111).toBe(0)
  })

  it('follows what the work tree has in the place of what git tracks', async () => {
    const source = await repository({ a: 'a file', 'b/inner.js': '' })
    rmSync(join(source, 'a'))
    mkdirSync(join(source, 'a'))
    writeFileSync(join(source, 'a/x.js'), '')
    rmSync(join(source, 'b'), { recursive: true })
    writeFileSync(join(source, 'b'), 'a file')
    expect((await copied(source)).names).toEqual(['a/x.js', 'b'])
  })

  it('stops at a tracked file that cannot be copied', async () => {
    const source = await repository({ 'data.bin': '' })
    rmSync(join(source, 'data.bin'))
    execFileSync('mkfifo', [join(source, 'data.bin')])
    await expect(copied(source)).rejects.toMatchObject({
      code: 'TRI-RELEASE-005',
      facts: { what: 'data.bin could not be copied', why: 'it is a pipe, a socket or a device' },
    })
  })

  it('stops where a file cannot be written, as where the disk knows no difference of case', async () => {
    const source = await repository({ 'a.js': '' })
    const destination = await temporaryFolder({ 'a.js': 'another one' })
    await expect(copySource(source, destination)).rejects.toMatchObject({ code: 'TRI-RELEASE-005' })
    expect(readFileSync(join(destination, 'a.js'), 'utf8')).toBe('another one')
  })

  it('names what a sparse checkout leaves out', async () => {
    const source = await repository({ 'a/x.js': '', 'b/y.js': '' })
    shell(source, 'git sparse-checkout set --cone a')
    expect(await copied(source)).toMatchObject({ names: ['a/x.js'], leftOut: [{ path: 'b/y.js', why: 'sparse' }] })
  })

  it('stops where only the pointer of git LFS is here', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'
    const source = await repository({ '.gitattributes': '*.png filter=lfs\n', 'a.png': 'a picture' })
    expect((await copied(source)).names).toEqual(['.gitattributes', 'a.png'])
    writeFileSync(join(source, 'a.png'), pointer)
    await expect(copied(source)).rejects.toMatchObject({ code: 'TRI-RELEASE-007', facts: { why: 'a.png' } })
  })
})

describe('submodules', () => {
  it('are copied, with theirs and with what is new in them; what they ignore is not', async () => {
    const { outer } = await withModules()
    writeFileSync(join(outer, 'lib/new.js'), '')
    writeFileSync(join(outer, 'lib/ignored.log'), '')
    writeFileSync(join(outer, 'lib/.env'), 'SECRET=1')
    const { names, leftOut } = await copied(outer)
    expect(names).toEqual([
      '.gitmodules',
      'lib/.gitignore',
      'lib/.gitmodules',
      'lib/deep/d.js',
      'lib/l.js',
      'lib/new.js',
      'server.js',
    ])
    expect(leftOut).toEqual([{ path: 'lib/.env', why: 'secret' }])
  })

  it('that are not checked out stop the release', async () => {
    const { outer } = await withModules()
    const clone = join(await temporaryFolder(), 'clone')
    shell('/', `git clone -q ${outer} ${clone}`)
    await expect(copied(clone)).rejects.toMatchObject({
      code: 'TRI-RELEASE-007',
      facts: { what: 'The submodule lib is not checked out here' },
    })
  })

  it('are no other than repositories that were never added', async () => {
    const source = await repository({ 'a.js': '' })
    mkdirSync(join(source, 'inner'))
    shell(join(source, 'inner'), 'git init -q; echo ignored >.gitignore; touch b.js ignored .netrc; git add b.js')
    expect(await copied(source)).toMatchObject({
      names: ['a.js', 'inner/.gitignore', 'inner/b.js'],
      leftOut: [{ path: 'inner/.netrc', why: 'secret' }],
    })
  })
})

describe('a repository that git refuses', () => {
  it.skipIf(process.getuid?.() !== 0)('stops the release, in git’s own words', async () => {
    const source = await repository({ '.gitignore': 'customers.csv\n', 'a.js': '' })
    writeFileSync(join(source, 'customers.csv'), 'x')
    execFileSync('chown', ['-R', 'nobody', source])
    await expect(copied(source)).rejects.toMatchObject({
      code: 'TRI-RELEASE-007',
      facts: {
        why: expect.stringContaining('dubious ownership'),
        next: `if you trust who owns these files: \`git config --global --add safe.directory ${source}\``,
      },
    })
  })

  it.each([
    ['an index that is broken', 'echo broken >.git/index'],
    ['a config that is broken', 'echo [ >.git/config'],
    ['a worktree whose repository is gone', 'rm -r .git; echo gitdir: /no/such >.git'],
    ['a repository that is none', 'rm -r .git/HEAD'],
  ])('stops it: %s', async (_, damage) => {
    const source = await repository({ 'apps/a.js': '' })
    shell(source, damage)
    for (const folder of [source, join(source, 'apps')])
      await expect(copied(folder)).rejects.toMatchObject({ code: 'TRI-RELEASE-007' })
  })

  it('is asked about itself, not about the one of a hook that all of this runs in', async () => {
    const source = await repository({ 'a.js': '' })
    const other = await repository({ 'other.js': '' })
    process.env['GIT_DIR'] = join(other, '.git')
    try {
      expect((await copied(source)).names).toEqual(['a.js'])
    } finally {
      delete process.env['GIT_DIR']
    }
  })
})

/** A repository with a submodule that has one itself. */
async function withModules() {
  const deep = await repository({ 'd.js': '' })
  const lib = await repository({ 'l.js': '1', '.gitignore': '*.log\n' })
  const outer = await repository({ 'server.js': '1' })
  const add = 'git -c protocol.file.allow=always submodule --quiet add'
  shell(lib, `${add} ${deep} deep; git commit -qm deep`)
  shell(
    outer,
    `${add} ${lib} lib; git -c protocol.file.allow=always submodule --quiet update --init --recursive; git commit -qm lib`,
  )
  return { outer, lib }
}

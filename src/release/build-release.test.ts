import { createHash } from 'node:crypto'
import { symlinkSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildRelease, type BuildOptions } from './build-release.ts'
import { outputOf } from './run-program.ts'
import { repository } from './testing/git-repository.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const files = { 'server.js': 'serve()', 'public/style.css': 'body {}', 'public/.draft.html': 'x', '.env': 'SECRET=1' }
const name = '20261122-213700-abc1234'

async function optionsFor(
  more: Partial<BuildOptions> = {},
  also: Readonly<Record<string, string>> = {},
): Promise<BuildOptions> {
  const folder = await temporaryFolder({ ...files, ...also })
  return {
    name,
    folder,
    source: '.',
    start: 'node server.js',
    root: 'public',
    into: join(folder, '.trimaran/releases'),
    ...more,
  }
}

const namesIn = async (archive: string): Promise<readonly string[]> =>
  (await outputOf('tar', ['-tzf', archive], '/')).trim().split('\n').toSorted()

const digestOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

it('builds in a clean copy, and packs all of it for app servers, the public part for web servers', async () => {
  const lines: string[] = []
  const build =
    'echo "$CI $TRIMARAN_RELEASE [$NODE_ENV] [$TRIMARAN_KEY]"; mkdir public/.well-known; echo hi > public/.well-known/security.txt'
  const { archives } = await buildRelease(await optionsFor({ build, onLine: (line) => lines.push(line) }))
  expect(lines).toEqual([`true ${name} [] []`])
  expect(await namesIn(archives.static)).toEqual(['./.well-known/security.txt', './style.css'])
  expect(await namesIn(archives.app!)).toContain('./server.js')
  expect(await namesIn(archives.app!)).not.toContain('./.env')
})

it('ships nothing of a site without an app but its static files', async () => {
  const { start: _, ...options } = await optionsFor({
    section: 'web',
    root: 'dist',
    build: 'mkdir dist && echo hi >dist/index.html',
  })
  const { archives } = await buildRelease(options)
  expect(Object.keys(archives)).toEqual(['static'])
  expect(await namesIn(archives.static)).toEqual(['./index.html'])
  expect((await readdir(join(options.into, name))).filter((one) => one.startsWith('app'))).toEqual([])
  const { build: _build, ...unbuilt } = options
  await expect(buildRelease(unbuilt)).rejects.toMatchObject({
    code: 'TRI-RELEASE-002',
    facts: { where: 'web.root', next: expect.stringContaining('web.build') },
  })
})

it('gives the same bytes for the same source and name', async () => {
  const first = await buildRelease(await optionsFor())
  const second = await buildRelease(await optionsFor())
  expect(await digestOf(second.archives.app!)).toBe(await digestOf(first.archives.app!))
  expect(await digestOf(second.archives.static)).toBe(await digestOf(first.archives.static))
})

it('shows the last twenty lines of a build that fails, and keeps nothing', async () => {
  const options = await optionsFor({ build: 'for n in $(seq 30); do echo line $n; done; exit 3' })
  await expect(buildRelease(options)).rejects.toMatchObject({
    code: 'TRI-RELEASE-001',
    facts: {
      what: `The build of release ${name} failed: \`for n in $(seq 30); do echo line $n; done; exit 3\` ended with 3`,
      why: Array.from({ length: 20 }, (_, index) => `line ${index + 11}`).join('\n'),
    },
  })
  await expect(readdir(options.into)).rejects.toThrow('ENOENT')
})

it.each([
  [{ source: 'app' }, 'There is no folder app to release'],
  [{ root: 'dist' }, 'The release has no folder dist of static files'],
  [{ root: './' }, 'The whole release would be public, with its code'],
  [{ start: 'node main.js' }, 'The release has no main.js'],
])('refuses %j', async (more, what) => {
  await expect(buildRelease(await optionsFor(more))).rejects.toMatchObject({ code: 'TRI-RELEASE-002', facts: { what } })
})

it('lets an app be that has no static files, unless the config names their folder', async () => {
  const lines: string[] = []
  const build = 'rm -r public'
  const { archives } = await buildRelease(await optionsFor({ build, onNote: (line) => lines.push(line) }))
  expect(lines.at(-1)).toBe('the release has no folder public: every request goes to the app')
  expect(await namesIn(archives.static)).toEqual([''])
})

it.each(['ln -s /etc/hostname public/name', 'ln -s ../../.. up'])(
  'refuses links that lead out of the release: %s',
  async (build) => {
    await expect(buildRelease(await optionsFor({ build }))).rejects.toMatchObject({
      code: 'TRI-RELEASE-005',
      facts: { what: 'A link in the release leads out of it' },
    })
  },
)

it('ships what a link among static files points to there', async () => {
  const build =
    'mkdir public/v2; cp server.js public/v2/page.js; ln -s v2 public/latest; ln -s v2/page.js public/one.js'
  const { archives } = await buildRelease(await optionsFor({ build }))
  expect(await outputOf('tar', ['-xzOf', archives.static, './one.js', './latest/page.js'], '/')).toBe('serve()serve()')
})

it.each(['ln -s ../server.js public/copy.js', 'ln -s .draft.html public/draft.html', 'ln -s .. public/all'])(
  'publishes nothing else by a link: %s',
  async (build) => {
    await expect(buildRelease(await optionsFor({ build }))).rejects.toMatchObject({ code: 'TRI-RELEASE-005' })
  },
)

it.each(['rm -r public; ln -s . public', 'mv public real; ln -s real public', 'rm -r public; ln -s /etc public'])(
  'publishes no folder that is a link: %s',
  async (build) => {
    const ends = buildRelease(await optionsFor({ build }))
    await expect(ends).rejects.toMatchObject({ code: expect.stringMatching(/^TRI-RELEASE-00[25]$/) })
  },
)

it('leaves out what looks like a secret, whoever put it there, and says so; and ships what the config names', async () => {
  const notes: string[] = []
  const build =
    'cat .npmrc; echo token > .netrc; mkdir -p node_modules/x certs; touch node_modules/x/.npmrc certs/ca.pem'
  const also = { '.npmrc': 'registry=here', 'tls.key': 'x' }
  const lines: string[] = []
  const options = await optionsFor(
    {
      build,
      include: ['certs/ca.pem'],
      onNote: (note, level) => notes.push(`${level}: ${note}`),
      onLine: (line) => lines.push(line),
    },
    also,
  )
  const { archives } = await buildRelease(options)
  expect(lines).toEqual(['registry=here'])
  expect(notes).toEqual([
    'warning: not shipped, since they look like secrets: .env, .netrc, .npmrc, tls.key (values belong in app.secrets; app.include names files to ship all the same)',
  ])
  const shipped = await namesIn(archives.app!)
  expect(shipped.filter((path) => /\/(?:\.env|\.netrc|\.npmrc|tls\.key)$/.test(path))).toEqual([
    './node_modules/x/.npmrc',
  ])
  expect(shipped).toContain('./certs/ca.pem')
  const missing = buildRelease({ ...options, build: 'true' })
  await expect(missing).rejects.toMatchObject({ code: 'TRI-RELEASE-002', facts: { where: 'app.include' } })
})

it('gives the build what git tracks, ships it where the config names it, and says what stays', async () => {
  const folder = await repository({ ...files, '.env.production': 'API=https://api.example.com' })
  const options = { ...(await optionsFor()), folder, into: join(folder, '.trimaran/releases') }
  const build = '. ./.env.production; echo "fetch(\'$API\')" >public/app.js'
  const notes: string[] = []
  const { archives } = await buildRelease({ ...options, build, onNote: (note) => notes.push(note) })
  expect(await outputOf('tar', ['-xzOf', archives.static, './app.js'], '/')).toBe("fetch('https://api.example.com')\n")
  expect(notes).toEqual([expect.stringContaining('.env, .env.production (values belong in app.secrets;')])
  const shipped = await buildRelease({ ...options, build, include: ['.env.production'], revision: 'HEAD' })
  expect(await namesIn(shipped.archives.app!)).toContain('./.env.production')
})

it('takes a revision with what git archive leaves out', async () => {
  const folder = await repository({ ...files, '.gitattributes': 'public export-ignore\n' })
  const { archives } = await buildRelease({ ...(await optionsFor()), folder, revision: 'HEAD' })
  expect(await namesIn(archives.static)).toEqual(['./style.css'])
})

it('publishes what is behind a link to a folder that git tracks', async () => {
  const folder = await repository({ ...files, 'public/v2/page.html': 'two', 'public/v2/deep/x.css': '' })
  symlinkSync('v2', join(folder, 'public/latest'))
  const { archives } = await buildRelease({ ...(await optionsFor()), folder })
  expect(await namesIn(archives.static)).toEqual(
    expect.arrayContaining(['./latest/page.html', './latest/deep/x.css', './v2/page.html']),
  )
})

it.each([[undefined], ['HEAD']])('ships nothing from a repository that git refuses (revision %s)', async (revision) => {
  const folder = await repository(files)
  writeFileSync(join(folder, '.git/config'), '[')
  const into = join(folder, '.trimaran/releases')
  const ends = buildRelease({ ...(await optionsFor()), folder, into, ...(revision && { revision }) })
  await expect(ends).rejects.toMatchObject({ code: 'TRI-RELEASE-007' })
  await expect(readdir(into)).rejects.toThrow('ENOENT')
})

it('ends the build and all that it started when it is told to stop', async () => {
  const started = Promise.withResolvers<void>()
  const stopping = new AbortController()
  const build = 'sleep 600 & echo started; wait'
  const options = await optionsFor({ build, onLine: () => started.resolve(), signal: stopping.signal })
  const ending = buildRelease(options).catch((error: unknown) => error)
  await started.promise
  stopping.abort(new Error('the operator pressed Ctrl-C'))
  expect(await ending).toMatchObject({ message: 'the operator pressed Ctrl-C' })
})

it('keeps five releases', async () => {
  const options = await optionsFor()
  for (const second of [1, 2, 3, 4, 5, 6, 7]) await buildRelease({ ...options, name: `20261122-21370${second}` })
  expect(await readdir(options.into)).toEqual([3, 4, 5, 6, 7].map((second) => `20261122-21370${second}`))
})

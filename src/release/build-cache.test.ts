import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildRelease } from './build-release.ts'
import { splitInstall } from './split-install.ts'
import { shell } from './testing/git-repository.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** An app with one dependency and one devDependency, both packed beside it: no registry is asked. */
async function appWithPackages(more: Readonly<Record<string, unknown>> = {}, isLocked = true) {
  const folder = await temporaryFolder({
    'packages/used/package.json': json({ name: 'used', version: '1.0.0' }),
    'packages/used/index.js': 'module.exports = "used"',
    'packages/tool/package.json': json({ name: 'tool', version: '1.0.0', bin: { 'a-tool': 'tool.js' } }),
    'packages/tool/tool.js': '#!/usr/bin/env node\nconsole.log("tool")',
    'app/server.js': 'require("used")',
    'app/.gitignore': 'node_modules\n.trimaran\n',
    'app/public/index.html': '',
    'app/package.json': json({
      name: 'app',
      version: '1.0.0',
      scripts: { serve: 'node server.js' },
      dependencies: { used: 'file:used-1.0.0.tgz' },
      devDependencies: { tool: 'file:tool-1.0.0.tgz' },
      ...more,
    }),
  })
  const app = join(folder, 'app')
  shell(app, 'git init -q')
  if (isLocked)
    shell(
      app,
      'for one in used tool; do npm pack -s ../packages/$one >/dev/null; done; npm i -s --package-lock-only --ignore-scripts',
    )
  else writeFileSync(join(app, 'package-lock.json'), json({ packages: {} }))
  let second = 10
  const notes: string[] = []
  const lines: string[] = []
  const build = async (
    command: string,
    { paths = ['node_modules', '.next/cache'], commands = ['node server.js'], start = 'node server.js' } = {},
  ) => {
    notes.length = 0
    lines.length = 0
    second += 1
    const { archives } = await buildRelease({
      name: `20261122-2137${second}`,
      folder: app,
      source: '.',
      start,
      root: 'public',
      into: join(app, '.trimaran/releases'),
      build: command,
      commands,
      cache: { paths, folder: join(app, '.trimaran/cache') },
      env: { ...process.env, npm_config_cache: join(folder, 'npm') },
      onNote: (note) => notes.push(note),
      onLine: (line) => lines.push(line),
    })
    return execFileSync('tar', ['-tzf', archives.app!], { encoding: 'utf8' }).trim().split('\n')
  }
  return { app, build, notes, lines, kept: () => readdirSync(join(app, '.trimaran/cache')).toSorted() }
}

const again = 'node_modules is as in the last build: package-lock.json is the same'
const ci = 'npm ci --no-audit --no-fund'

describe('packages', { timeout: 180_000 }, () => {
  it('are kept while nothing changes that they are made from, and come back as they were, without devDependencies', async () => {
    const { app, build, notes, lines } = await appWithPackages()
    const command = `${ci} && a-tool && cat node_modules/used/index.js && echo changed >>node_modules/used/index.js`
    const first = await build(command)
    expect(notes).not.toContain(again)
    expect(notes).toContain('not shipped: one package of devDependencies (app.devDependencies keeps them)')
    const second = await build(command)
    expect(notes).toContain(again)
    expect(lines).toEqual(['tool', 'module.exports = "used"'])
    expect(second).toEqual(first)
    expect(second.filter((name) => /modules.*(?:tool|used)/.test(name))).toEqual([
      './node_modules/used/',
      './node_modules/used/index.js',
      './node_modules/used/package.json',
    ])
    // The same command again, on another lock file; and after a build that failed.
    const lock = join(app, 'package-lock.json')
    writeFileSync(lock, `${readFileSync(lock, 'utf8')}\n`)
    await build(ci)
    expect(notes).not.toContain(again)
    await expect(build(`${ci} && exit 1`)).rejects.toMatchObject({ code: 'TRI-RELEASE-001' })
    await build(ci)
    expect(notes).not.toContain(again)
  })

  it('are not kept where a script runs meanwhile, which may read any file', async () => {
    const scripts = { postinstall: 'cp server.js node_modules/generated.js' }
    const { build, notes, kept } = await appWithPackages({ scripts })
    expect(await build(ci)).toContain('./node_modules/generated.js')
    expect(notes).toContain('node_modules is installed again in each build: package.json has a script postinstall')
    expect(kept().filter((name) => name.startsWith('modules-'))).toEqual([])
  })
})

describe('caches of frameworks', { timeout: 60_000 }, () => {
  const next =
    'ls .next/cache 2>/dev/null; cat .next/cache/webpack/x 2>/dev/null || echo none; mkdir -p .next/cache/webpack .next/cache/fetch-cache; echo built >.next/cache/webpack/x; echo page >.next/cache/fetch-cache/y'

  it('are kept, and not shipped; what was fetched for pages is shipped, and not kept', async () => {
    const { app, build, notes, lines } = await appWithPackages({}, false)
    const names = await build(next)
    expect(lines).toEqual(['none'])
    expect(notes).toContain('not shipped, but kept for the next build: .next/cache')
    expect(names.filter((name) => name.includes('cache/'))).toEqual([
      './.next/cache/',
      './.next/cache/fetch-cache/',
      './.next/cache/fetch-cache/y',
    ])
    await build(next)
    expect(lines).toEqual(['webpack', 'built'])
    writeFileSync(join(app, '.env.production'), 'API=other')
    shell(app, 'git add -f .env.production')
    await build(next)
    expect(lines).toEqual(['none'])
  })

  it("are left where they are if a link leads there: they are the operator's own", async () => {
    const { app, build, notes } = await appWithPackages({}, false)
    const own = await temporaryFolder({ 'webpack/x': 'mine' })
    const link = `mkdir -p .next && ln -sfn '${own}' .next/cache`
    await expect(build(link)).rejects.toMatchObject({ code: 'TRI-RELEASE-005' })
    expect(notes).not.toContain('not shipped, but kept for the next build: .next/cache')
    expect(readFileSync(join(own, 'webpack/x'), 'utf8')).toBe('mine')
    expect(readdirSync(app)).toContain('server.js')
  })

  it('of two builds are kept, and no more', async () => {
    const { app, build, kept } = await appWithPackages({}, false)
    for (const n of [1, 2, 3]) {
      await build(`${next}; : ${n}`)
      expect(statSync(join(app, '.trimaran/cache')).mode & 0o77).toBe(0)
    }
    expect(kept()).toHaveLength(2)
  })
})

it.each([
  ['npm ci', { install: 'npm ci', rest: '' }],
  ['npm ci && npm run build', { install: 'npm ci', rest: 'npm run build' }],
  [' npm ci --no-audit --cache=/tmp/x  &&  a && b', { install: 'npm ci --no-audit --cache=/tmp/x', rest: 'a && b' }],
  ['npm clean-install\n', { install: 'npm clean-install', rest: '' }],
  ['npm ci || true', undefined],
  ['npm ci; npm run build', undefined],
  ['cd web && npm ci', undefined],
  ['npm ci > log && x', undefined],
  ['npm ci $FLAGS', undefined],
  ['npm cite', undefined],
  ['npm install && x', undefined],
])('knows what installs packages in %j', (build, expected) => {
  expect(splitInstall(build)).toEqual(expected)
})

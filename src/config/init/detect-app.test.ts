import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { TrimaranError } from '../../errors/failure.ts'
import { detectApp } from './detect-app.ts'
import type { AppDraft } from './draft.ts'
import { createFolder } from './folder.ts'

const detect = (files: Readonly<Record<string, string>>, start?: string) =>
  detectApp(createFolder('shop', Object.keys(files), new Map(Object.entries(files))), start)

function appOf(files: Readonly<Record<string, string>>, start?: string): AppDraft {
  const found = detect(files, start)
  if (!('app' in found)) throw new Error('no app')
  return found.app
}

const packageJson = (dependencies: readonly string[], scripts: Readonly<Record<string, string>> = {}): string =>
  JSON.stringify({ scripts, dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) })

function buildOf(files: Readonly<Record<string, string>>): string | undefined {
  const found = detect(files)
  return 'app' in found ? found.app.build : found.site.build
}

it.each([
  ['ng build', { 'angular.json': '{}' }, ['@angular/core']],
  ['astro build', {}, ['astro']],
  ['vite build', { 'svelte.config.js': "'@sveltejs/adapter-node'" }, ['@sveltejs/kit']],
  ['nuxt build', {}, ['nuxt']],
  ['nuxt generate', { 'nuxt.config.ts': "nitro: { preset: 'static' }" }, ['nuxt']],
  ['nest build', {}, ['@nestjs/core']],
  ['next build', {}, ['next']],
  ['react-router build', {}, ['@react-router/dev']],
  ['remix build', {}, ['@remix-run/dev']],
  ['remix vite:build', {}, ['@remix-run/dev', 'vite']],
  ['eleventy', {}, ['@11ty/eleventy']],
] as const)('builds with `%s` where package.json has no script `build`', (command, files, dependencies) => {
  const without = { ...files, 'package-lock.json': '', 'package.json': packageJson(dependencies) }
  expect(buildOf(without)?.split(' && ').slice(0, 2)).toEqual(['npm ci', `npx ${command}`])
  const own = { ...without, 'package.json': packageJson(dependencies, { build: 'make' }) }
  expect(buildOf(own)?.split(' && ').slice(0, 2)).toEqual(['npm ci', 'npm run build'])
})

it.each([
  [
    'Go',
    { 'go.mod': '', 'main.go': 'package main\nfunc main() { http.ListenAndServe(":" + os.Getenv("PORT"), nil) }' },
  ],
  ['Rust', { 'Cargo.toml': '[package]\nname = "shop"', 'src/main.rs': 'PORT' }],
  ['Bun', { 'index.ts': 'Bun.serve({})' }],
  ['Deno', { 'main.ts': 'Deno.serve({ port: PORT })' }],
] as const)('writes no program of %s into a folder of the app', (_, files) => {
  const startOf = (more: Readonly<Record<string, string>>): string => appOf({ ...files, ...more }).start
  expect(startOf({})).toBe('./server')
  expect(startOf({ 'server/routes.txt': '' })).toBe('./app')
  expect(startOf({ 'server/routes.txt': '', 'app/page.txt': '' })).toBe('./program')
  expect(buildOf({ ...files, 'server/routes.txt': '' })).toMatch(/ app(?: |$)|=app /)
})

it('publishes pages beside a folder public/ that is there already', () => {
  const found = detect({ 'index.html': '', 'public/logo.svg': '' })
  expect(found).toMatchObject({ root: 'webroot', site: { build: 'mkdir webroot && cp -r *.html public webroot/' } })
})

it.each([
  ['a server in a folder', { 'api/http/serve.ts': 'Deno.serve(handler)' }, 'Deno'],
  ['an example', { 'examples/main.ts': 'Deno.serve(handler)' }, 'Express'],
  ['a test', { 'src/serve.test.ts': 'Bun.serve({})' }, 'Express'],
  ['a program for hand', { 'scripts/serve.ts': "import { $ } from 'bun'" }, 'Express'],
] as const)('takes the sign of Deno or Bun in %s for what it is', (_, files, kind) => {
  const others = { 'package.json': packageJson(['express']), 'server.js': 'app.listen(process.env.PORT)' }
  expect(detect({ ...others, ...files }).kind).toBe(kind)
})

it('starts with the program that package.json names, whatever another source can run on', () => {
  const files = {
    'package.json': packageJson(['hono'], { start: 'node node.js' }),
    'bun.js': 'Bun.serve(app)',
    'node.js': '',
  }
  expect(detect(files)).toMatchObject({ kind: 'Hono', app: { start: 'node node.js' } })
})

it.each([
  [
    'pom.xml',
    '<artifactId>spring-boot-starter</artifactId>',
    { 'target/original-shop.jar': 10, 'target/shop.jar': 90 },
  ],
  ['build.gradle', "id 'io.micronaut.application'", { 'build/libs/shop.jar': 10, 'build/libs/shop-all.jar': 90 }],
  [
    'build.gradle',
    "id 'org.springframework.boot' // spring-boot",
    { 'build/libs/shop.jar': 90, 'build/libs/shop-plain.jar': 10 },
  ],
  [
    'pom.xml',
    '<artifactId>shop</artifactId>',
    { 'target/shop-1.0.jar': 10, 'target/shop-1.0-jar-with-dependencies.jar': 90 },
  ],
] as const)('starts the JAR that has everything in it, of several that %s makes', (manifest, text, jars) => {
  const folder = mkdtempSync(join(tmpdir(), 'trimaran-jars-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [path, size] of Object.entries(jars)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), 'x'.repeat(size))
  }
  const [, ...afterMake] = buildOf({ [manifest]: text })!.split(' && ')
  execFileSync('sh', ['-c', afterMake.join(' && ')], { cwd: folder })
  expect(readFileSync(join(folder, 'app.jar'), 'utf8')).toHaveLength(90)
})

it.each([
  ['/api/health', 'server/api/health.get.ts'],
  ['/up', 'server/routes/up.ts'],
  ['/healthz', 'app/routes/healthz.tsx'],
  ['/healthz', 'src/routes/healthz/+server.ts'],
  [undefined, 'server/up.ts'],
] as const)('finds the health path %s by a route that is a file', (health, path) => {
  expect(appOf({ 'package.json': packageJson(['nuxt']), [path]: '' }).health).toBe(health)
})

it.each(['bun.lockb', 'npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml'])(
  'installs an app of a workspace by %s at its top',
  (lock) => {
    const files = {
      'package.json': JSON.stringify({ workspaces: ['apps/*'] }),
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
      'apps/shop/package.json': packageJson(['express'], { start: 'node server.js' }),
      'apps/shop/server.js': 'app.listen(process.env.PORT)',
      [lock]: '',
    }
    expect(detect(files).advice).toEqual([])
    expect(buildOf(files)).toMatch(/^(?:npm ci|(?:pnpm|bun) install --frozen-lockfile)$/)
  },
)

it('publishes a .NET project below the top, and ships nothing that the compiler left', () => {
  const files = {
    'src/Web Shop/Web Shop.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web">',
    'src/Core/Core.csproj': '<Project Sdk="Microsoft.NET.Sdk">',
    'test/Shop.Tests/Shop.Tests.csproj': '<Project Sdk="Microsoft.NET.Sdk">',
  }
  expect(appOf(files)).toMatchObject({
    build: expect.stringMatching(
      /^dotnet publish 'src\/Web Shop\/Web Shop.csproj' .* && rm -rf src\/Core\/bin src\/Core\/obj 'src\/Web Shop\/bin' 'src\/Web Shop\/obj'$/,
    ),
    start: "cd publish && exec './Web Shop'",
  })
})

it.each([
  ['node --env-file=.env server.js', 'node server.js'],
  [
    'node --env-file-if-exists=config/.env.production --max-old-space-size=200 server.js',
    'node --max-old-space-size=200 server.js',
  ],
  ['node --env-file .env server.js', 'node server.js'],
  ['node --env-files server.js', 'node --env-files server.js'],
  ['./server --env-file', './server'],
  ['deno run --env-file main.ts', 'deno run main.ts'],
])('leaves the file of variables out of `%s`', (command, expected) => {
  const files = {
    Procfile: `web: ${command}\nworker: ${command}\n`,
    'package.json': packageJson([], { start: 'node a.js' }),
  }
  const { start, processes } = appOf(files)
  expect([start, processes]).toEqual([expected, { worker: expected }])
  expect(detect(files).advice.some((line) => line.startsWith('`--env-file` was left out'))).toBe(command !== expected)
})

it('takes the command that the user names as it is, and does not call it a guess', () => {
  const files = { Dockerfile: 'FROM scratch\nCMD ["./shop"]\n' }
  expect(detect(files).guessed).toEqual(['build', 'start', 'health'])
  expect(detect(files, './shop --env-file=.env')).toMatchObject({
    guessed: ['build', 'health'],
    app: { start: './shop --env-file=.env' },
  })
})

it.each(['', ' ', './a\n./b'])('refuses %j as a start command, whatever lies in the folder', (start) => {
  for (const files of [{}, { 'index.html': '' }, { Dockerfile: 'CMD ./shop' }]) {
    const attempt = (): unknown => detect(files, start)
    expect(attempt).toThrow(TrimaranError)
    expect(attempt).toThrow('The command of --start cannot be used')
  }
})

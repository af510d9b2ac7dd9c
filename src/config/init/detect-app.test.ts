import { expect, it } from 'vitest'
import { detectApp } from './detect-app.ts'
import { createFolder } from './folder.ts'

const detect = (files: Readonly<Record<string, string>>) =>
  detectApp(createFolder('shop', Object.keys(files), new Map(Object.entries(files))))

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
  const startOf = (more: Readonly<Record<string, string>>): string | undefined => {
    const found = detect({ ...files, ...more })
    return 'app' in found ? found.app.start : undefined
  }
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

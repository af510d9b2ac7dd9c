import { expect, it } from 'vitest'
import { parseConfig } from '../config/parse-config.ts'
import { releaseSettings } from '../config/release-settings.ts'
import { warnOfOldRelease } from './warn-of-old-release.ts'

const declaredWith = (app: object | undefined, web: object = {}) =>
  parseConfig({
    name: 'shop',
    balancer: { servers: 1 },
    web: { servers: 1, ...web },
    ...(app && { app: { servers: 1, start: 'node server.js', build: 'npm ci', ...app } }),
  })
const built = declaredWith({})
const state = (settings = releaseSettings(built)) => ({
  release: 'r1',
  digests: { r1: { static: 'a'.repeat(64), settings } },
})
const warn = (declared = built, hasSteps = true, told: Parameters<typeof warnOfOldRelease>[1] = state()) =>
  warnOfOldRelease({ declared }, told, { hasSteps })

it('says nothing where the release was built with what the file says', () => {
  expect(warn()).toEqual([])
  expect(warn(declaredWith({ servers: 2, env: { A: 'b' }, memory: '1 GB', source: '.' }))).toEqual([])
})

it('names what only a new release brings, until there is one', () => {
  const changed = declaredWith({ source: 'shop', build: 'npm ci && npm run build' }, { root: 'dist' })
  const line =
    'app.source, app.build and web.root have changed since release r1 was built: `trimaran deploy` builds one with that'
  expect(warn(changed)).toEqual([line])
  expect(warn(changed, false)).toEqual([line])
})

it('names what the release may not fit while it is brought to it', () => {
  const changed = declaredWith({ start: 'node dist/server.js', processes: { worker: 'node worker.js' } })
  expect(warn(changed)[0]).toContain('app.start and app.processes have changed since release r1')
  expect(warn(changed, false)).toEqual([])
})

it('knows nothing of releases of which nobody told, and compares a site with a site', () => {
  expect(warn(declaredWith({ source: 'shop' }), true, { release: 'r2' })).toEqual([])
  expect(warn(declaredWith(undefined, { source: 'site' }))).toEqual([])
  const site = state(releaseSettings(declaredWith(undefined)))
  expect(warn(declaredWith(undefined, { build: 'npm run site' }), true, site)[0]).toMatch(/^web\.build has changed/)
})

it('tells servers no words of a command', () => {
  expect(JSON.stringify(releaseSettings(built))).not.toContain('npm')
})

import { expect, it } from 'vitest'
import { findInServer } from './find-in-server.ts'
import { components } from '../components/index.ts'
import { fiveServers, serverNamed } from '../components/testing/stacks.ts'
import type { Observation } from '../observation/observation.ts'
import { foreignUnitFiles } from './report-server.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const ours = '/etc/systemd/system/haproxy.service.d/60-trimaran.conf'
const theirs = '/etc/systemd/system/haproxy.service.d/override.conf'
const saying = (lines: readonly string[]) =>
  foreignUnitFiles({ manifest: manifestFrom(...lines), unitFiles: [ours, theirs] } as unknown as Observation)

it('tells files of units that somebody else placed from its own', () => {
  expect(saying([`haproxy file ${ours}`])).toEqual([theirs])
  expect(saying([])).toEqual([])
})

it('names each, and what shows what it does', () => {
  const stack = fiveServers(components)
  const report = {
    ...({} as Parameters<typeof findInServer>[0]),
    os: { id: 'debian', version: '13' },
    ports: [],
    clusters: [],
    placed: [],
  }
  const findings = findInServer({ ...report, foreignUnitFiles: [theirs] }, serverNamed(stack, 'lb-1'), {
    stack,
    components,
  })
  expect(findings.find(({ what }) => what.includes(theirs))).toMatchObject({
    level: 'warning',
    server: 'lb-1',
    next: expect.stringContaining('systemctl cat haproxy.service'),
  })
})

it.each([
  [{ folder: '/var/lib/postgresql/17/main' }, [], 'is in /var/lib/postgresql/17/main already'],
  [{ folder: '/var/lib/postgresql/17/main', name: 'other' }, [], 'already, of other'],
  [{ folder: '/var/lib/postgresql/17/main', name: 'guestbook' }, [], undefined],
  [{ folder: '/var/lib/postgresql/17/main' }, ['patroni'], undefined],
  [{ folder: '/var/lib/postgresql/16/main' }, [], undefined],
  [{ folder: '/var/lib/postgresql/17/main.before' }, [], undefined],
])('refuses a database that it did not make, before Patroni takes it over: %j beside %j', (cluster, placed, words) => {
  const stack = fiveServers(components)
  const report = {
    ...({} as Parameters<typeof findInServer>[0]),
    os: { id: 'debian', version: '13' },
    ports: [],
    clusters: [cluster],
    placed,
  }
  const problemsOn = (name: string) =>
    findInServer(report, serverNamed(stack, name), { stack, components })
      .filter(({ what }) => what.startsWith('a PostgreSQL database'))
      .map(({ level, what }) => `${level}: ${what}`)
  expect(problemsOn('db-1')).toEqual(words === undefined ? [] : [expect.stringMatching(`^problem: .* ${words}$`)])
  expect(problemsOn('app-1')).toEqual([])
})

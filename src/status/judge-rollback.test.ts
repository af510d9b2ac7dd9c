import { expect, it } from 'vitest'
import type { Observation } from '../observation/observation.ts'
import { wasDeployCutOff, wasRollbackCutOff } from './judge-rollback.ts'

const kept = ['r3', 'r2', 'r1']

/** An app server with a release, and what its places do. */
function appServer(release: string, places: Readonly<Record<'blue' | 'green', 'serves' | 'retires' | 'rests'>>) {
  const slots = Object.fromEntries(
    Object.entries(places).map(([name, does]) => [
      name,
      { isActive: does !== 'rests', isRetiring: does === 'retires' },
    ]),
  )
  const resources: Observation['resources'] = new Map<'symlink' | 'slots', ReadonlyMap<string, unknown>>([
    ['symlink', new Map([['/srv/app/current', { target: `releases/${release}` }]])],
    ['slots', new Map([['app', slots]])],
  ])
  return { resources }
}

const whole = { blue: 'serves', green: 'rests' } as const
const both = { blue: 'serves', green: 'serves' } as const
const leaving = { blue: 'retires', green: 'serves' } as const

it.each([
  ['is through', 'r2', [appServer('r2', whole), appServer('r2', whole)], false],
  ['is through, but for the last requests', 'r2', [appServer('r2', leaving)], false],
  ['left both releases running', 'r2', [appServer('r2', whole), appServer('r2', both)], true],
  ['has not reached every server', 'r2', [appServer('r2', both), appServer('r3', whole)], true],
  ['is a deploy that was cut off', 'r3', [appServer('r3', both), appServer('r2', whole)], false],
])('a change of the release that %s', (_, release, servers, expected) => {
  expect(wasRollbackCutOff(servers, { release, kept })).toBe(expected)
})

it.each([
  ['is through', [appServer('r3', whole), appServer('r3', leaving)], false],
  ['is through where it could get', [appServer('r3', whole), appServer('r2', whole)], false],
  ['left both releases running everywhere', [appServer('r3', both), appServer('r3', both)], true],
  ['has reached only one server', [appServer('r3', both), appServer('r2', whole)], true],
  ['was never begun', [appServer('r2', whole), appServer('r2', whole)], true],
  ['nobody can tell of', [], false],
])('a deploy that %s', (_, servers, expected) => {
  expect(wasDeployCutOff(servers, { release: 'r3' })).toBe(expected)
})

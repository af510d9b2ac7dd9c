import { expect, it } from 'vitest'
import type { Observation } from '../observation/observation.ts'
import { wasRollbackCutOff } from './judge-rollback.ts'

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

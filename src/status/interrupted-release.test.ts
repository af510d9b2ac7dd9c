import { expect, it } from 'vitest'
import { components } from '../components/index.ts'
import { nineServers } from '../components/testing/stacks.ts'
import type { Observation } from '../observation/observation.ts'
import { wasDeployInterrupted, wasRollbackInterrupted } from './interrupted-release.ts'

const stack = nineServers(components)
const site = { servers: stack.servers.filter(({ tier }) => tier === 'balancer' || tier === 'web') }
const kept = ['r3', 'r2', 'r1']

type Does = 'serves' | 'is shut' | 'retires' | 'rests'

/** An app server that is to run a release, what its slots do, and which release each of them has. */
function appServer(
  release: string,
  does: Readonly<Record<'blue' | 'green', Does>>,
  has: Readonly<Record<'blue' | 'green', string>> = { blue: release, green: release },
) {
  const slots = Object.fromEntries(
    Object.entries(does).map(([name, what]) => [
      name,
      { isActive: what !== 'rests', isRetiring: what === 'retires', isEnabled: what === 'serves' },
    ]),
  )
  const resources: Observation['resources'] = new Map<'symlink' | 'slots', ReadonlyMap<string, unknown>>([
    [
      'symlink',
      new Map([
        ['/srv/app/current', { target: `releases/${release}` }],
        ['/srv/app/blue', { target: `releases/${has.blue}` }],
        ['/srv/app/green', { target: `releases/${has.green}` }],
      ]),
    ],
    ['slots', new Map([['app', slots]])],
  ])
  return { resources }
}

const whole = { blue: 'serves', green: 'rests' } as const
const both = { blue: 'is shut', green: 'serves' } as const
const leaving = { blue: 'retires', green: 'serves' } as const
const greenIs = (green: string) => ({ blue: 'r2', green })

it.each([
  ['is through', 'r2', [appServer('r2', whole), appServer('r2', whole)], false],
  ['is through, but for the last requests', 'r2', [appServer('r2', leaving)], false],
  ['left both releases running', 'r2', [appServer('r2', whole), appServer('r2', both)], true],
  ['has not reached every server', 'r2', [appServer('r2', both), appServer('r3', whole)], true],
  ['is a deploy that was cut off', 'r3', [appServer('r3', both), appServer('r2', whole)], false],
])('a change of the release that %s', (_, release, servers, expected) => {
  expect(wasRollbackInterrupted(stack, servers, { release, kept })).toBe(expected)
})

it.each([
  ['is through', [appServer('r3', whole), appServer('r3', leaving)], false],
  ['is through where it could get', [appServer('r3', whole), appServer('r2', whole)], false],
  ['only left the old one to end', [appServer('r3', both, greenIs('r3'))], false],
  ['was starting it', [appServer('r3', whole, greenIs('r3')), appServer('r2', whole)], true],
  ['was handing over', [appServer('r3', { blue: 'serves', green: 'serves' }, greenIs('r3'))], true],
  ['was never begun', [appServer('r2', whole), appServer('r2', whole)], true],
  ['nobody can tell of', [appServer('r3', { blue: 'rests', green: 'rests' })], false],
])('a deploy that %s', (_, servers, expected) => {
  expect(wasDeployInterrupted(stack, servers, { release: 'r3', kept })).toBe(expected)
})

/** A web server of a site of files alone, and the release that it serves. */
const webServer = (release?: string): { readonly resources: Observation['resources'] } => ({
  resources: new Map([
    ['symlink', new Map(release === undefined ? [] : [['/srv/web/current', { target: `releases/${release}` }]])],
  ]),
})

it.each([
  ['is through', [webServer('r3'), webServer('r3')], false],
  ['is through on one server', [webServer('r3'), webServer('r2')], false],
  ['was never begun', [webServer('r2'), webServer('r2')], true],
  ['has a new server', [webServer('r3'), webServer()], false],
])('a deploy of a site that %s', (_, servers, expected) => {
  expect(wasDeployInterrupted(site, servers, { release: 'r3', kept })).toBe(expected)
})

it('knows a rollback of a site that was cut off', () => {
  const to = { release: 'r2', kept }
  expect(wasRollbackInterrupted(site, [webServer('r2'), webServer('r3')], to)).toBe(true)
  expect(wasRollbackInterrupted(site, [webServer('r2'), webServer('r2')], to)).toBe(false)
})

it('takes a stack whose app servers said nothing yet for no site', () => {
  expect(wasDeployInterrupted(stack, [webServer('r2'), webServer('r2')], { release: 'r3', kept })).toBe(false)
})

it('takes a rollback that was cut off for no deploy that was', () => {
  expect(
    wasDeployInterrupted(stack, [appServer('r2', whole, { blue: 'r3', green: 'r2' })], { release: 'r2', kept }),
  ).toBe(false)
})

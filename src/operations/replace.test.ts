import { expect, it } from 'vitest'
import type { Answers, Observation } from '../observation/observation.ts'
import { firstStackState, changeRelease } from '../stack/stack-state.ts'
import { replacedState } from './replace.ts'

const current = changeRelease(firstStackState('r1'), 'r2', { commandOn: 'app-1' })

const appServer = (release: string): Observation =>
  ({
    resources: new Map<string, ReadonlyMap<string, unknown>>([
      ['symlink', new Map([['/srv/app/blue', { target: `releases/${release}` }]])],
      ['slots', new Map([['app', { blue: { isActive: true, isRetiring: false, isEnabled: true } }]])],
    ]),
  }) as unknown as Observation
const answers = (release: string): Answers =>
  new Map([
    ['app-1', appServer('r1')],
    ['app-2', appServer(release)],
  ])

it('does not have a new machine run the release command once more', () => {
  expect(replacedState('app-1')(current, answers('r2'))).not.toHaveProperty('commandOn')
})

it('has it run where nobody can know that it was', () => {
  expect(replacedState('app-1')(current, answers('r1'))).toBe(current)
  expect(replacedState('app-1')(current, new Map())).toBe(current)
})

it('leaves it to another server whose business it is', () => {
  expect(replacedState('app-2')(current, answers('r2'))).toBe(current)
})

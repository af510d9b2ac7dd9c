import { expect, it } from 'vitest'
import type { Answers, Observation } from '../observation/observation.ts'
import { firstOrders, orderRelease } from '../stack/orders.ts'
import { newMachineOrder } from './replace.ts'

const standing = orderRelease(firstOrders('r1'), 'r2', { commandOn: 'app-1' })

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
  expect(newMachineOrder('app-1')(standing, answers('r2'))).not.toHaveProperty('commandOn')
})

it('has it run where nobody can know that it was', () => {
  expect(newMachineOrder('app-1')(standing, answers('r1'))).toBe(standing)
  expect(newMachineOrder('app-1')(standing, new Map())).toBe(standing)
})

it('leaves it to another server whose business it is', () => {
  expect(newMachineOrder('app-2')(standing, answers('r2'))).toBe(standing)
})

import { expect, it } from 'vitest'
import type { Answers, Observation } from '../observation/observation.ts'
import { changeRelease, type StackState } from '../stack/stack-state.ts'
import { components } from '../components/index.ts'
import { nineServers } from '../components/testing/stacks.ts'
import { backTo } from './rollback.ts'

const nine = nineServers(components)
const current: StackState = { number: 7, release: 'r3', kept: ['r3', 'r2', 'r1'], drained: [] }
const ordered = changeRelease(current, 'r2')

/** App servers, each with the release that it was told to run, and the slots that serve. */
const answers = (...servers: readonly (readonly [string, ...('blue' | 'green')[]])[]): Answers =>
  new Map(
    servers.map(([release, ...serving], index) => {
      const slots = Object.fromEntries(serving.map((place) => [place, { isActive: true, isRetiring: false }]))
      const resources = new Map<string, ReadonlyMap<string, unknown>>([
        ['symlink', new Map([['/srv/app/current', { target: `releases/${release}` }]])],
        ['slots', new Map([['app', slots]])],
      ])
      return [`app-${index + 1}`, { resources } as unknown as Observation]
    }),
  )

const before = answers(['r3', 'blue'], ['r3', 'blue'])
const halfWay = answers(['r2', 'blue', 'green'], ['r3', 'blue'])
const through = answers(['r2', 'green'], ['r2', 'green'])

it('goes to the release before, and has that in mind when it is asked again under the lock', () => {
  const { newState } = backTo(nine)
  expect([newState(current, before).release, newState(current, before).release]).toEqual(['r2', 'r2'])
})

it('goes on to the same release where one was cut off, also where that got through meanwhile', () => {
  const { newState } = backTo(nine)
  expect(newState(ordered, halfWay)).toBe(ordered)
  expect(newState(ordered, through)).toBe(ordered)
})

it('does not go further back for a server that is lost on the way', () => {
  const { newState } = backTo(nine)
  newState(current, before)
  expect(newState(ordered, new Map([['app-1', { unreachable: 'no route to host' }]]))).toBe(ordered)
})

it('goes further back once that is through, and wherever a name says', () => {
  expect(backTo(nine).newState(ordered, through).release).toBe('r1')
  expect(backTo(nine, 'r1').newState(ordered, halfWay).release).toBe('r1')
  expect(backTo(nine, 'r3').newState(ordered, through).release).toBe('r3')
})

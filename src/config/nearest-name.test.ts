import { expect, it } from 'vitest'
import { distanceBetween, nearestName } from './nearest-name.ts'

it.each([
  ['health', 'health', 0],
  ['helth', 'health', 1],
  ['strat', 'start', 1],
  ['', 'web', 3],
  ['kitten', 'sitting', 3],
])('%s is as far from %s as %i mistakes', (from, to, distance) => {
  expect(distanceBetween(from, to)).toBe(distance)
  expect(distanceBetween(to, from)).toBe(distance)
})

it('takes the nearest, and none that is far', () => {
  expect(nearestName('biuld', ['build', 'start'])).toBe('build')
  expect(nearestName('HEALTH', ['health'])).toBe('health')
  expect(nearestName('colour', ['cores', 'servers'])).toBeUndefined()
})

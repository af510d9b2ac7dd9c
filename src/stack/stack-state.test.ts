import { chooseRelease } from './choose-release.ts'
import { expect, it } from 'vitest'
import {
  changeStackState,
  firstStackState,
  newestStackState,
  changeRelease,
  settleStackState,
  withDigests,
  withExcluded,
  type StackState,
} from './stack-state.ts'

it('believes the copy with the highest number', () => {
  const old = firstStackState('r1')
  const later = changeStackState(old, { release: 'r2' })
  expect(newestStackState([old, undefined, later, old])).toBe(later)
  expect(newestStackState([undefined])).toBeUndefined()
})

it('keeps the newest releases, and always the one that ran', () => {
  const releases = ['r2', 'r3', 'r4', 'r5', 'r6', 'r7']
  const last = releases.reduce((stackState, release) => changeRelease(stackState, release), firstStackState('r1'))
  expect(last).toEqual({ number: 7, release: 'r7', kept: ['r7', 'r6', 'r5', 'r4', 'r3'], drained: [] })
  const back = changeRelease(last, 'r3')
  expect(back.kept).toEqual(['r7', 'r6', 'r5', 'r4', 'r3'])
  expect(changeRelease(back, 'r8').kept).toEqual(['r8', 'r7', 'r6', 'r5', 'r3'])
})

it('tells what the releases are that it keeps, and of no others', () => {
  const digests = { app: 'a'.repeat(64), static: 'b'.repeat(64) }
  const told = withDigests(firstStackState('r1'), digests)
  expect(changeRelease(told, 'r2').digests).toEqual({ r1: digests })
  const later = ['r2', 'r3', 'r4', 'r5', 'r6'].reduce((stackState, release) => changeRelease(stackState, release), told)
  expect(later.digests).toEqual({})
})

it('runs a release command for the release that it was ordered for, and no other', () => {
  const ordered = changeRelease(firstStackState('r1'), 'r2', { commandOn: 'app-1' })
  expect(ordered.commandOn).toBe('app-1')
  expect(changeRelease(ordered, 'r1')).not.toHaveProperty('commandOn')
})

it('remembers which deploys were cut off, until one of these releases is deployed after all', () => {
  const second = changeRelease(firstStackState('r1'), 'r2')
  const third = changeRelease(second, 'r3', { wasCutOff: true })
  expect(third).toMatchObject({ kept: ['r3', 'r2', 'r1'], unfinished: ['r2'] })
  expect(chooseRelease(third)).toBe('r1')
  expect(chooseRelease(third, 'r2')).toBe('r2')
  expect(changeRelease(third, 'r2')).not.toHaveProperty('unfinished')
})

it('forgets who is no more, and nothing else', () => {
  const stackState = { ...firstStackState('r1'), drained: ['app-2', 'web-1'], excluded: ['app-2'] }
  expect(settleStackState(stackState, () => 'unreachable')).toBe(stackState)
  expect(settleStackState(stackState, (name) => (name === 'app-2' ? 'gone' : 'told'))).toEqual({
    ...firstStackState('r1'),
    number: 2,
    drained: ['web-1'],
  })
})

it('has an unreachable server excluded until it is reached', () => {
  const stackState = withExcluded(firstStackState('r2'), ['web-2', 'app-2', 'app-2'])
  expect(stackState.excluded).toEqual(['app-2', 'web-2'])
  expect(settleStackState(stackState, () => 'unreachable')).toBe(stackState)
  const back = settleStackState(stackState, (name) => (name === 'app-2' ? 'told' : 'unreachable'), ['app-2', 'web-2'])
  expect(back).toEqual({ ...firstStackState('r2'), number: 2, excluded: ['web-2'] })
  expect(settleStackState(back, () => 'told')).toEqual({ ...firstStackState('r2'), number: 3 })
  // The plan that was to tell it was cut off: the neighbours still exclude it.
  const again = settleStackState(back, () => 'unreachable', ['app-2', 'web-2'])
  expect(again).toEqual({ ...firstStackState('r2'), number: 3, excluded: ['app-2', 'web-2'] })
})

it('keeps fewer of large releases, but always the one before', () => {
  const gigabyte = 1024 ** 3
  const stateWith = (bytes: number | undefined): StackState => {
    const kept = ['r5', 'r4', 'r3', 'r2', 'r1']
    const digests = Object.fromEntries(kept.map((one) => [one, { app: '', static: '', ...(bytes && { bytes }) }]))
    return { ...firstStackState('r5'), kept, digests }
  }
  const keptOf = (bytes?: number): readonly string[] => changeRelease(stateWith(bytes), 'r6').kept
  expect(keptOf()).toEqual(['r6', 'r5', 'r4', 'r3', 'r2'])
  expect(keptOf(gigabyte)).toEqual(['r6', 'r5', 'r4', 'r3', 'r2'])
  expect(keptOf(2 * gigabyte)).toEqual(['r6', 'r5', 'r4'])
  expect(keptOf(50 * gigabyte)).toEqual(['r6', 'r5'])
})

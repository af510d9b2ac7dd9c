import { expect, it } from 'vitest'
import { components } from '../components/index.ts'
import { nineServers } from '../components/testing/stacks.ts'
import type { Answer, Observation } from '../observation/observation.ts'
import { findCauses } from './find-causes.ts'

const stack = nineServers(components)
const calm = { stack, holders: ['lb-1'], leaders: ['db-1'], stackState: { drained: [] } }
const says = (name: string, more: Partial<Observation>): readonly [string, Answer] => [
  name,
  { health: new Map(), lockMark: 'free', ...more } as unknown as Answer,
]
const moved = (count: number): Pick<Observation, 'health'> => ({
  health: new Map([['keepalived', { state: 'well', reports: { addressMoves: { count } } }]]),
})
const notes = (more: Partial<Parameters<typeof findCauses>[0]>, ...answers: readonly (readonly [string, Answer])[]) =>
  findCauses({ ...calm, answers: new Map(answers), ...more }).map(({ state, note }) => `${state}: ${note}`)

it('has nothing to say of a stack in which all is as it should be', () => {
  expect(notes({}, says('lb-1', moved(5)), says('lb-2', moved(4)))).toEqual([])
})

it('says who holds the address at once, and what to do first', () => {
  expect(notes({ holders: ['lb-1', 'lb-2'] })).toEqual([
    expect.stringMatching(
      /^degraded: lb-1 and lb-2 hold the address at once.* → `trimaran exec lb-2 -- systemctl stop keepalived`/,
    ),
  ])
})

it('says how often the address moved, over all balancers', () => {
  expect(notes({}, says('lb-1', moved(6)), says('lb-2', moved(6)))).toEqual([
    expect.stringMatching(/^degraded: the address moved 12 times in the last five minutes.* → `trimaran logs balancer/),
  ])
})

it('says what was not finished, or that it is under way', () => {
  const unfinished = { at: '2026-11-28T09:30:00Z', operator: 'ana@laptop', command: 'up', run: 'a1' }
  expect(notes({}, says('web-1', { unfinished }))).toEqual([
    'degraded: up of ana@laptop, begun at 2026-11-28 09:30 UTC, was not finished: some servers are changed, others not → `trimaran up` goes on with it',
  ])
  const [name, free] = says('web-1', { unfinished })
  const { lockMark: _, ...locked } = free as Observation
  expect(notes({}, [name, locked])).toEqual([expect.stringContaining('is under way')])
})

it('says since when a server is drained, and by whom', () => {
  const drains = { 'app-1': { by: 'ana@laptop', at: '2026-11-28T09:30:00.000Z' } }
  expect(notes({ stackState: { drained: ['app-1', 'web-2'], drains } })).toEqual([
    'drained: web-2 is drained → `trimaran undrain web-2`',
    'drained: app-1 is drained since 2026-11-28 09:30 UTC, by ana@laptop → `trimaran undrain app-1`',
  ])
})

import { expect, it } from 'vitest'
import type { Answer, Observation } from '../observation/observation.ts'
import { firstStackState } from '../stack/stack-state.ts'
import { checkStackState } from './check-stack-state.ts'

const told = (number: number): Answer =>
  ({ stackState: { ...firstStackState('r1'), number } }) as unknown as Observation
const forged = { refusedStackState: 'is not signed' } as unknown as Observation
const check = (answers: Readonly<Record<string, Answer>>, seen: Readonly<Record<string, number>> = {}) =>
  checkStackState(new Map(Object.entries(answers)), seen, 'guestbook')

it('has nothing to say of good copies, of none, and of unreachable servers', () => {
  const nothing = { refusals: [], warnings: [] }
  expect(check({ 'lb-1': told(3), 'web-1': told(2), 'app-1': { unreachable: 'no route' } }, { 'web-1': 2 })).toEqual(
    nothing,
  )
  expect(check({ 'lb-1': {} as Observation })).toEqual(nothing)
})

it('goes on without a copy that is not signed, where another server has a good one', () => {
  const { refusals, warnings } = check({ 'lb-1': told(3), 'web-1': forged })
  expect(refusals).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/^web-1: its copy of the stack state is not signed: it is not used/)])
})

it('plans nothing where no good copy is left', () => {
  const { refusals } = check({ 'lb-1': { unreachable: 'no route' }, 'web-1': forged })
  expect(refusals).toMatchObject([{ server: 'web-1', what: expect.stringContaining('is not signed') }])
})

it('names the server that has an older copy than it had', () => {
  const { refusals, warnings } = check({ 'lb-1': told(7), 'web-1': told(4) }, { 'lb-1': 7, 'web-1': 7 })
  expect(refusals).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/^web-1: .* is number 4, and was number 7 before/)])
})

it('plans nothing by a stack state that is older than one that was seen', () => {
  const { refusals } = check({ 'lb-1': { unreachable: 'no route' }, 'web-1': told(4) }, { 'lb-1': 7, 'web-1': 4 })
  expect(refusals).toMatchObject([{ server: 'guestbook', why: expect.stringContaining('lb-1 had them') }])
})

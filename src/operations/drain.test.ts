import { expect, it } from 'vitest'
import type { Proposal } from './change/plan-stack.ts'
import { drain } from './drain.ts'
import { reboot } from './reboot.ts'
import type { RollingProposal } from './rolling/rolling.ts'
import { changesOf, failureOf, firstState, imagineStack, listen, sayState, sayWebIsWell } from './testing/projects.ts'
import { undrain } from './undrain.ts'

it('refuses a server in whose place nobody serves, before it is asked for', async () => {
  const { session, servers } = await imagineStack()
  sayWebIsWell(servers, 'web-1')
  servers.server('web-2').reach = 'unreachable'
  const yes = listen<Proposal>(true)
  expect((await failureOf(drain(session, { server: 'web-1' }, yes.operator))).code).toBe('TRI-DRAIN-001')
  expect(yes.asked).toEqual([])
  expect(changesOf(servers, 'web-1')).toEqual([])
})

it('drains it where another one serves, tells every server, and waits until it is free', async () => {
  const { session, servers } = await imagineStack()
  for (const name of ['web-1', 'web-2']) sayWebIsWell(servers, name)
  const yes = listen<Proposal>(true)
  const drained = await drain(session, { server: 'web-1' }, yes.operator)
  expect(drained).toMatchObject({ outcome: 'applied', isAlive: true, freed: { left: 0, callers: [] } })
  expect(yes.asked[0]?.stackState).toMatchObject({ number: 2, drained: ['web-1'] })
})

it('says where visitors are not served without it, although it is drained', async () => {
  const { session, servers } = await imagineStack()
  for (const name of ['web-1', 'web-2']) sayWebIsWell(servers, name)
  servers.answerVisitors(503)
  const { code, facts } = await failureOf(drain(session, { server: 'web-1' }, listen<Proposal>(true).operator))
  expect([code, facts.state]).toEqual(['TRI-VISIT-001', 'web-1 is drained'])
})

it('knows no server of another name, and asks none', async () => {
  const { session, servers } = await imagineStack()
  const yes = listen<Proposal>(true)
  expect((await failureOf(drain(session, { server: 'web-9' }, yes.operator))).code).toBe('TRI-SERVER-001')
  expect(servers.server('web-1').scripts).toEqual([])
})

it('has one that is unreachable excluded by the others', async () => {
  const { session, servers } = await imagineStack()
  servers.server('web-2').reach = 'unreachable'
  const yes = listen<Proposal>(true)
  expect(await drain(session, { server: 'web-2', anyway: true }, yes.operator)).toMatchObject({ isAlive: false })
  expect(yes.asked[0]?.stackState).toMatchObject({ drained: ['web-2'], excluded: ['web-2'] })
})

it('puts it back into service', async () => {
  const { session, servers } = await imagineStack()
  sayState(session, servers, { ...firstState, number: 4, drained: ['web-1'] })
  const yes = listen<Proposal>(true)
  expect(await undrain(session, 'web-1', yes.operator)).toMatchObject({ outcome: 'applied', wasDrained: true })
  expect(yes.asked[0]?.stackState).toMatchObject({ number: 5, drained: [] })
})

it('begins no rolling operation where servers are not as the file says', async () => {
  const { session } = await imagineStack()
  const yes = listen<RollingProposal>(true)
  expect((await failureOf(reboot(session, { servers: ['web'] }, yes.operator))).code).toBe('TRI-ROLL-002')
  expect((await failureOf(reboot(session, { servers: [] }, yes.operator))).code).toBe('TRI-SERVER-001')
  expect(yes.asked).toEqual([])
})

it('goes on where a drain was cut off before the server itself knew of it', async () => {
  const { session, servers } = await imagineStack()
  for (const name of ['web-1', 'web-2']) sayWebIsWell(servers, name)
  sayState(session, servers, { ...firstState, number: 4, drained: ['web-1'] })
  const yes = listen<Proposal>(true)
  expect(await drain(session, { server: 'web-1' }, yes.operator)).toMatchObject({ outcome: 'applied' })
  expect(changesOf(servers, 'web-1').join('')).toContain('/etc/nginx/drained')
})

import { expect, it } from 'vitest'
import type { Proposal } from './change/plan-stack.ts'
import { plan } from './plan.ts'
import { changesOf, failureOf, imagineProject, listen } from './testing/projects.ts'
import { up } from './up.ts'

it('shows the plan, asks, applies it, and keeps the events', async () => {
  const { open, servers, eventLogs } = await imagineProject()
  const yes = listen<Proposal>(true)
  const { outcome, proposal } = await up(await open(), yes.operator)
  expect(outcome).toBe('applied')
  expect(yes.shown).toEqual(yes.asked)
  expect(yes.shown[0]?.plan.waves.map(({ title }) => title)).toEqual(proposal.plan.waves.map(({ title }) => title))
  expect(yes.typesHeard()).toEqual(
    expect.arrayContaining(['observed', 'apply-started', 'step-done', 'server-done', 'apply-done', 'done']),
  )
  expect(yes.heard.at(-1)).toEqual({ type: 'done', changed: true })
  expect(changesOf(servers, 'db-1').length).toBeGreaterThan(0)
  const [log = '', ...more] = await eventLogs()
  expect(more).toEqual([])
  const logged = log.trimEnd().split('\n')
  expect(logged.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(yes.heard.map(({ type }) => type))
})

it('changes nothing, here or there, where the answer is no', async () => {
  const { open, servers, eventLogs } = await imagineProject()
  const no = listen<Proposal>(false)
  const { outcome } = await up(await open(), no.operator)
  expect(outcome).toBe('declined')
  expect(no.asked).toHaveLength(1)
  for (const name of ['lb-1', 'web-1', 'app-1', 'db-1']) expect(changesOf(servers, name)).toEqual([])
  expect(await eventLogs()).toEqual([])
})

it('stops where a server fails, and says what was not begun', async () => {
  const { open, servers, eventLogs } = await imagineProject()
  servers.failAt('db-1', 'patroni')
  const yes = listen<Proposal>(true)
  const { code, facts } = await failureOf(up(await open(), yes.operator))
  expect([code, facts.what]).toEqual(['TRI-APPLY-001', 'The change failed on db-1'])
  expect(facts.state).toMatch(/not begun: .*app: app-1/)
  expect(yes.typesHeard()).toEqual(expect.arrayContaining(['step-failed', 'rolled-back', 'server-failed']))
  expect((await eventLogs()).join('')).toContain('it does not start')
})

it('can be asked for again in the same session, and tells nobody the stack key or what derives from it', async () => {
  const { open, servers, eventLogs } = await imagineProject()
  const session = await open()
  const yes = listen<Proposal>(true)
  await up(session, yes.operator)
  servers.failAt('lb-1', 'haproxy', `it was told ${session.secrets('postgres-app')}`)
  await failureOf(up(session, yes.operator))
  const outputs = yes.heard.flatMap((event) => (event.type === 'step-failed' ? [event.output] : []))
  expect(outputs).toEqual(['it was told ***'])
  expect((await eventLogs()).join('')).not.toContain(session.secrets('postgres-app'))
})

it('does not begin where nobody answers', async () => {
  const { open, servers } = await imagineProject()
  for (const name of ['lb-1', 'lb-2', 'web-1', 'web-2', 'app-1', 'app-2', 'db-1'])
    servers.server(name).reach = 'unreachable'
  const yes = listen<Proposal>(true)
  expect((await failureOf(up(await open(), yes.operator))).code).toBe('TRI-PLAN-003')
  expect(yes.asked).toEqual([])
})

it('goes on without a server that does not answer, and names it', async () => {
  const { open, servers } = await imagineProject()
  servers.server('web-2').reach = 'unreachable'
  const { proposal } = await up(await open(), listen<Proposal>(true).operator)
  expect(proposal.plan.unreachable.map(({ server }) => server)).toEqual(['web-2'])
})

it('begins no wave once it is stopped', async () => {
  const { open, servers } = await imagineProject()
  const stop = new AbortController()
  const { operator } = listen<Proposal>(true)
  const emit: typeof operator.emit = (event) => {
    if (event.type === 'wave-started' && event.wave === 2) stop.abort()
  }
  const { code, facts } = await failureOf(up(await open(), { ...operator, emit, signal: stop.signal }))
  expect([code, facts.what]).toEqual(['TRI-APPLY-001', 'The apply was interrupted'])
  expect(changesOf(servers, 'web-1')).toHaveLength(1)
})

it('begins nothing at all where it is stopped before', async () => {
  const { open, servers } = await imagineProject()
  const stop = new AbortController()
  const { operator } = listen<Proposal>(true)
  const confirm = (): boolean => {
    stop.abort()
    return true
  }
  const { code } = await failureOf(up(await open(), { ...operator, confirm, signal: stop.signal }))
  expect(code).toBe('TRI-APPLY-001')
  for (const name of ['lb-1', 'web-1', 'app-1', 'db-1']) expect(changesOf(servers, name)).toEqual([])
})

it('tells what it would do, and touches nothing', async () => {
  const { open, servers } = await imagineProject()
  const { plan: planned } = await plan(await open(), () => {})
  expect(planned.waves.length).toBeGreaterThan(3)
  for (const name of ['lb-1', 'db-1']) expect(servers.server(name).scripts).toHaveLength(1)
})

import { expect, it } from 'vitest'
import type { Proposal } from './change/plan-stack.ts'
import { type Clearing, down } from './down.ts'
import { check } from './look/check.ts'
import { releases } from './look/releases.ts'
import { runCommand } from './look/run-command.ts'
import { status } from './look/status.ts'
import { maintenance } from './maintenance.ts'
import { changesOf, failureOf, imagineStack, listen } from './testing/projects.ts'
import { switchover, type SwitchoverProposal } from './switchover.ts'

it('closes the site on its balancers alone, whatever else is left to do', async () => {
  const { session, servers } = await imagineStack()
  const yes = listen<Proposal>(true)
  const { proposal } = await maintenance(session, { on: true, allow: ['203.0.113.7'] }, yes.operator)
  expect(proposal.stackState).toMatchObject({ number: 2, maintenance: { allow: ['203.0.113.7'] } })
  expect(changesOf(servers, 'lb-1').length).toBeGreaterThan(0)
  // Of what else is pending there, nothing: the server gets its copy of the stack state.
  expect(changesOf(servers, 'web-1')).toHaveLength(1)
  expect(changesOf(servers, 'web-1')[0]).toContain('state.json')
  expect(changesOf(servers, 'web-1')[0]).not.toContain('apply_1')
})

it('says that the site is closed, or open, once it was looked at as a visitor does', async () => {
  const { session, servers } = await imagineStack()
  const turn = (on: boolean) => maintenance(session, { on }, listen<Proposal>(true).operator)
  expect((await failureOf(turn(true))).facts.what).toBe('Visitors still see the site')
  servers.answerVisitors('connect ECONNREFUSED 10.0.0.10:80')
  expect((await failureOf(turn(true))).facts.what).toMatch(/^Visitors see nothing/)
  servers.answerVisitors(503)
  expect((await turn(true)).proposal.stackState).toMatchObject({ maintenance: { allow: [] } })
  expect((await failureOf(turn(false))).code).toBe('TRI-VISIT-001')
  servers.answerVisitors(200)
  expect((await turn(false)).proposal.stackState.maintenance).toBeUndefined()
})

it('finds that visitors are not served, whatever else is well', async () => {
  const { session, servers } = await imagineStack()
  expect(await check(session)).toContainEqual({ level: 'ok', what: 'Visitors are served' })
  servers.answerVisitors(503)
  expect(await check(session)).toContainEqual(
    expect.objectContaining({ level: 'problem', what: 'Visitors are not served' }),
  )
  expect(await status(session)).toMatchObject({ state: 'down', visitors: { isServed: false } })
})

it('takes the stack off its servers', async () => {
  const { session, servers } = await imagineStack()
  const yes = listen<Clearing>(true)
  expect(await down(session, yes.operator)).toBe('applied')
  expect(yes.asked).toHaveLength(1)
  expect(changesOf(servers, 'db-1').at(-1)).toContain('change system')
  expect(await down(session, yes.operator)).toBe('nothing')
})

it('does not move the lead where there is nobody to take it', async () => {
  const { session } = await imagineStack()
  const yes = listen<SwitchoverProposal>(true)
  expect((await failureOf(switchover(session, {}, yes.operator))).code).toBe('TRI-DATABASE-001')
  expect(yes.asked).toEqual([])
})

it('looks, and tells as data', async () => {
  const { session, servers } = await imagineStack()
  servers.server('web-2').reach = 'unreachable'
  const report = await status(session)
  expect(report.servers.map(({ name }) => name)).toEqual(session.stack.servers.map(({ name }) => name))
  expect(await check(session)).toContainEqual(expect.objectContaining({ level: 'problem', server: 'web-2' }))
  expect(await releases(session)).toMatchObject({ releases: [], unreachable: ['web-2'] })
})

it('notes in the audit trail what it runs on servers, with no secret in it', async () => {
  const { session, servers } = await imagineStack()
  const web = session.stack.servers.filter(({ tier }) => tier === 'web')
  servers.server('web-2').reach = 'unreachable'
  const results = await runCommand(session, web, { command: 'PGPASSWORD=hunter2 psql -l' })
  expect(results.map(({ server, code }) => [server, code])).toEqual([
    ['web-1', 0],
    ['web-2', 1],
  ])
  const [script = ''] = servers.server('web-1').scripts
  // The command travels in a file of root's: neither the note nor the line that runs it has its words.
  const [noted = '', placed = ''] = script.split('install -d')
  expect(noted).toContain('psql -l')
  expect(noted).not.toContain('hunter2')
  expect(placed).toContain('PGPASSWORD=hunter2 psql -l')
  expect(script.split('\n').at(-1)).toMatch(/^bash --norc \/run\/trimaran\/command-[\w-]+; exit \$\?$/)
})

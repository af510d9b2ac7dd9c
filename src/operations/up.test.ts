import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { releaseSettings } from '../config/release-settings.ts'
import { failure } from '../errors/failure.ts'
import type { Session } from './session/session.ts'
import type { ReleaseProposal } from './release/roll-out.ts'
import { firstStackState } from '../stack/stack-state.ts'
import type { Proposal } from './change/plan-stack.ts'
import { deploy } from './deploy.ts'
import { releases } from './look/releases.ts'
import { plan } from './plan.ts'
import { changesOf, failureOf, imagineProject, listen, sayState } from './testing/projects.ts'
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

it('does not end well where visitors are not served', async () => {
  const { open, servers } = await imagineProject()
  servers.answerVisitors('connect ECONNREFUSED 10.0.0.10:80')
  const { code, facts } = await failureOf(up(await open(), listen<Proposal>(true).operator))
  expect([code, facts.why]).toEqual([
    'TRI-VISIT-001',
    'http://10.0.0.10 does not answer (connect ECONNREFUSED 10.0.0.10:80)',
  ])
  expect(facts.state).toBe('what was shown is done')
}, 60_000)

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
  expect([code, facts.what]).toEqual(['TRI-STOP-001', 'The command was interrupted'])
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
  expect(code).toBe('TRI-STOP-001')
  for (const name of ['lb-1', 'web-1', 'app-1', 'db-1']) expect(changesOf(servers, name)).toEqual([])
})

it('has servers without a mirror provided with what they install, before anything is changed', async () => {
  const { open, servers } = await imagineProject()
  const asked: ReadonlyMap<string, readonly string[]>[] = []
  const supply: Session['supply'] = (packages) => {
    asked.push(packages)
    return Promise.reject(failure('TRI-LAB-006', { what: 'no mirror' }))
  }
  const { code } = await failureOf(up({ ...(await open()), supply }, listen<Proposal>(true).operator))
  expect(code).toBe('TRI-LAB-006')
  expect(asked).toHaveLength(1)
  expect(asked[0]!.get('lb-1')).toEqual(expect.arrayContaining(['haproxy', 'keepalived']))
  expect(asked[0]!.get('app-1')).not.toContain('keepalived')
  for (const name of ['lb-1', 'app-1']) expect(changesOf(servers, name)).toEqual([])
})

it('tells what it would do, and touches nothing', async () => {
  const { open, servers } = await imagineProject()
  const { plan: planned } = await plan(await open(), () => {})
  expect(planned.waves.length).toBeGreaterThan(3)
  for (const name of ['lb-1', 'db-1']) expect(servers.server(name).scripts).toHaveLength(1)
})

it('says what only a new release brings, and a deploy, which builds one, does not', async () => {
  const { open, servers, folder, configText } = await imagineProject()
  await up(await open(), listen<Proposal>(true).operator)
  const session = await open()
  const digests = { app: 'a'.repeat(64), static: 'b'.repeat(64), settings: releaseSettings(session.config) }
  sayState(session, servers, { ...firstStackState(broken), digests: { [broken]: digests } })
  const hints = async (): Promise<readonly string[]> =>
    (await plan(await open(), () => {})).plan.warnings.filter((text) => text.includes('trimaran deploy'))
  expect(await hints()).toEqual([])
  const text = await configText()
  await writeFile(
    join(folder, 'trimaran.config.ts'),
    text.replace("start: 'node server.js'", "start: 'node server.js --new'"),
  )
  expect(await hints()).toEqual([
    `app.start has changed since release ${broken} was built: \`trimaran deploy\` builds one with that`,
  ])
  const no = listen<ReleaseProposal>(false)
  await deploy(await open(), {}, no.operator)
  expect(no.asked[0]!.plan.warnings.join()).not.toContain('has changed since')
})

const broken = '20261122-120000'

it('releases what was fixed meanwhile where the first release never came up', async () => {
  const { open, servers } = await imagineProject()
  const session = await open()
  sayState(session, servers, { ...firstStackState(broken), number: 7 }, { hasServed: false })
  const { outcome, proposal } = await up(session, listen<Proposal>(true).operator)
  const { release, kept, number, unfinished } = proposal.stackState
  expect(outcome).toBe('applied')
  expect(release > broken).toBe(true)
  expect({ kept, number, unfinished }).toEqual({ kept: [release], number: 8, unfinished: undefined })
  expect(changesOf(servers, 'app-1').join('')).toContain(release)
})

it('keeps nothing of it at a deploy, and lists nothing', async () => {
  const { open, servers } = await imagineProject()
  const session = await open()
  sayState(session, servers, firstStackState(broken), { hasServed: false })
  servers.say('web-1', 'kind:tree', `/srv/web/releases/${broken}\twhole\n`)
  expect((await releases(session)).releases).toEqual([])
  servers.say('web-2', 'kind:symlink', `/srv/web/current\treleases/${broken}\n`)
  expect((await releases(session)).releases).toMatchObject([{ release: broken, servers: ['web-1'] }])
  servers.say('web-2', 'kind:symlink', '')
  const yes = listen<ReleaseProposal>(true)
  const { release } = await deploy(session, {}, yes.operator)
  expect(yes.asked[0]?.stackState.kept).toEqual([release])
})

it.each([
  ['an app server has it', 'app-1', '/srv/app/current'],
  ['the web tier has it, and app servers were replaced', 'web-2', '/srv/web/current'],
])('goes on with the release that served: %s', async (_, server, link) => {
  const { open, servers } = await imagineProject()
  const session = await open()
  sayState(session, servers, firstStackState(broken), { hasServed: false })
  servers.say(server, 'kind:symlink', `${link}\treleases/${broken}\n`)
  const { proposal } = await up(session, listen<Proposal>(false).operator)
  expect(proposal.stackState.release).toBe(broken)
})

it('goes on with it where no app server answers, or one release before it is kept', async () => {
  const { open, servers } = await imagineProject()
  const session = await open()
  const kept = [broken, '20261121-120000']
  sayState(session, servers, { ...firstStackState(broken), kept }, { hasServed: false })
  expect((await up(session, listen<Proposal>(false).operator)).proposal.stackState.release).toBe(broken)
  sayState(session, servers, firstStackState(broken), { hasServed: false })
  for (const name of ['app-1', 'app-2']) servers.server(name).reach = 'unreachable'
  expect((await up(session, listen<Proposal>(false).operator)).proposal.stackState.release).toBe(broken)
})

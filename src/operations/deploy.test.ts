import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { firstStackState } from '../stack/stack-state.ts'
import { deploy } from './deploy.ts'
import type { ReleaseProposal } from './release/roll-out.ts'
import { rollback } from './rollback.ts'
import { changesOf, failureOf, type ImaginedProject, imagineProject, listen, sayState } from './testing/projects.ts'

const before = '20261122-120000'

async function running(project: ImaginedProject) {
  const session = await project.open()
  sayState(session, project.servers, firstStackState(before))
  return session
}

it('refuses a stack that was never set up', async () => {
  const { open } = await imagineProject()
  const yes = listen<ReleaseProposal>(true)
  expect((await failureOf(deploy(await open(), {}, yes.operator))).code).toBe('TRI-DEPLOY-003')
  expect(yes.asked).toEqual([])
})

it('names the release before it is asked for, builds it, and tells who missed it', async () => {
  const project = await imagineProject()
  const session = await running(project)
  project.servers.server('app-2').reach = 'unreachable'
  const yes = listen<ReleaseProposal>(true)
  const released = await deploy(session, {}, yes.operator)
  expect(released).toMatchObject({ outcome: 'applied', unreachable: ['app-2'], excluded: ['app-2'] })
  expect(yes.asked[0]).toMatchObject({
    verb: 'deploy',
    current: { release: before },
    stackState: { release: released.release },
  })
  expect(yes.heard).toContainEqual(
    expect.objectContaining({ type: 'stage', name: `building release ${released.release}` }),
  )
})

it('builds nothing where the answer is no', async () => {
  const project = await imagineProject()
  const session = await running(project)
  const no = listen<ReleaseProposal>(false)
  expect((await deploy(session, {}, no.operator)).outcome).toBe('declined')
  expect(no.typesHeard()).not.toContain('stage')
  expect(changesOf(project.servers, 'app-1')).toEqual([])
})

it('rolls every server back where the release does not come up on one, and tells the hook', async () => {
  const project = await imagineProject()
  const text = await project.configText()
  const hooks = `  hooks: { afterDeploy: 'echo $TRIMARAN_OUTCOME > outcome' },\n}\n`
  await writeFile(join(project.folder, 'trimaran.config.ts'), text.replace(/\}\n$/, hooks))
  const session = await running(project)
  project.servers.failAt('app-1', 'app', `no ${session.secrets('postgres-app')}`)
  const yes = listen<ReleaseProposal>(true)
  const { code, facts } = await failureOf(deploy(session, {}, yes.operator))
  expect([code, facts.why]).toEqual(['TRI-DEPLOY-001', 'app-1: no ***'])
  expect(facts.what).toMatch(/did not come up on app-1$/)
  // Nobody saw it run there: the imagined servers do not say what they run.
  expect(facts.state).toBe('it was rolled back: app-1 runs no release, app-2 runs no release; visitors are served')
  expect(changesOf(project.servers, 'web-1').at(-1)).toMatch(/^roll_back_all \S+ \d+ \d+$/m)
  expect(await readFile(join(project.folder, 'outcome'), 'utf8')).toBe('rolled-back\n')
})

it('rolls back to the release before, and builds nothing', async () => {
  const project = await imagineProject()
  const session = await project.open()
  const kept = ['20261123-120000', before]
  sayState(session, project.servers, { ...firstStackState(kept[0]!), kept })
  const yes = listen<ReleaseProposal>(false)
  expect(await rollback(session, {}, yes.operator)).toMatchObject({ outcome: 'declined', release: before })
  expect(yes.asked[0]).toMatchObject({ verb: 'rollback', stackState: { release: before } })
})

it('rolls every server back where all came up and visitors are not served', async () => {
  const project = await imagineProject()
  const session = await running(project)
  project.servers.answerVisitors(503)
  const yes = listen<ReleaseProposal>(true)
  const { code, facts } = await failureOf(deploy(session, {}, yes.operator))
  expect(code).toBe('TRI-DEPLOY-001')
  expect(facts.what).toMatch(/came up, and visitors were not served$/)
  expect(facts.why).toBe('http://10.0.0.10 answers (503 to /up)')
  expect(facts.state).toContain('visitors are not served: http://10.0.0.10 answers (503 to /up)')
  expect(changesOf(project.servers, 'app-1').at(-1)).toMatch(/^roll_back_all \S+ \d+ \d+$/m)
}, 60_000)

it('builds nothing where no app server answers, and says what became of them', async () => {
  const project = await imagineProject()
  const session = await running(project)
  for (const name of ['app-1', 'app-2']) project.servers.server(name).reach = 'unreachable'
  const yes = listen<ReleaseProposal>(true)
  const { code, facts } = await failureOf(deploy(session, {}, yes.operator))
  expect(code).toBe('TRI-DEPLOY-005')
  expect(facts.why).toMatch(/^app-1: .*\napp-2: /)
  expect([yes.asked, changesOf(project.servers, 'web-1')]).toEqual([[], []])
})

it('does not ask where visitors see the maintenance page', async () => {
  const project = await imagineProject()
  const session = await project.open()
  sayState(session, project.servers, { ...firstStackState(before), maintenance: { allow: [] } })
  project.servers.answerVisitors(503)
  expect((await deploy(session, {}, listen<ReleaseProposal>(true).operator)).outcome).toBe('applied')
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { firstStackState } from '../stack/stack-state.ts'
import { scale, type ScaleProposal } from './scale.ts'
import { changesOf, failureOf, imagineProject, listen, sayState } from './testing/projects.ts'

async function imagine() {
  const project = await imagineProject()
  const session = await project.open()
  await session.keepKey()
  sayState(session, project.servers, firstStackState('20261122-120000'))
  return { ...project, place: { folder: project.folder, transport: project.servers } }
}

it('writes the number into the config once the operator has said yes, and says where', async () => {
  const { place, configText } = await imagine()
  const yes = listen<ScaleProposal>(true)
  const scaled = await scale(place, { tier: 'web', count: 1 }, yes.operator)
  expect(scaled).toMatchObject({ outcome: 'applied', before: 2, servers: ['web-1'] })
  expect(scaled.where).toContain('trimaran.config.ts:')
  expect(yes.asked[0]).toMatchObject({ tier: 'web', before: 2, count: 1 })
  expect(await configText()).not.toContain("ssh: 'web-2'")
})

it('leaves the file as it was where the answer is no, and where it does not get that far', async () => {
  const { place, configText, servers } = await imagine()
  const before = await configText()
  expect((await scale(place, { tier: 'web', count: 1 }, listen<ScaleProposal>(false).operator)).outcome).toBe(
    'declined',
  )
  expect(await configText()).toBe(before)
  expect(changesOf(servers, 'web-1')).toEqual([])
  for (const name of ['lb-1', 'lb-2', 'web-1', 'app-1', 'app-2', 'db-1']) servers.server(name).reach = 'unreachable'
  const { code } = await failureOf(scale(place, { tier: 'web', count: 1 }, listen<ScaleProposal>(true).operator))
  expect(code).toBe('TRI-PLAN-003')
  expect(await configText()).toBe(before)
})

it('keeps the new number where the change fails after the yes: the next up goes on with it', async () => {
  const { place, configText, servers } = await imagine()
  servers.failAt('db-1', 'system')
  const { code } = await failureOf(scale(place, { tier: 'web', count: 1 }, listen<ScaleProposal>(true).operator))
  expect(code).toBe('TRI-APPLY-001')
  expect(await configText()).not.toContain("ssh: 'web-2'")
})

it('puts the file back where the release cannot be built, since no server was changed', async () => {
  const { place, configText, folder, servers } = await imagine()
  await writeFile(
    join(folder, 'trimaran.config.ts'),
    (await configText()).replace("source: '.',", "source: '.', build: 'exit 3',"),
  )
  const before = await configText()
  const { code } = await failureOf(scale(place, { tier: 'web', count: 1 }, listen<ScaleProposal>(true).operator))
  expect(code).toBe('TRI-RELEASE-001')
  expect(await configText()).toBe(before)
  expect(changesOf(servers, 'web-1')).toEqual([])
})

it('cannot name a server that nobody named', async () => {
  const { place, configText } = await imagine()
  const before = await configText()
  const { code } = await failureOf(scale(place, { tier: 'web', count: 3 }, listen<ScaleProposal>(true).operator))
  expect(code).toBe('TRI-SCALE-001')
  expect(await configText()).toBe(before)
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Proposal } from './change/plan-stack.ts'
import { plan } from './plan.ts'
import { deploy } from './deploy.ts'
import { drain } from './drain.ts'
import type { ReleaseProposal } from './release/roll-out.ts'
import {
  changesOf,
  failureOf,
  firstState,
  type ImaginedProject,
  imagineProject,
  listen,
  sayState,
  sayWebIsWell,
} from './testing/projects.ts'
import { undrain } from './undrain.ts'

import { up } from './up.ts'

/** A shop that was set up, and whose file has lost these sections since. */
async function without(...sections: readonly string[]): Promise<ImaginedProject> {
  const project = await imagineProject()
  await up(await project.open(), listen<Proposal>(true).operator)
  sayState(await project.open(), project.servers, firstState)
  const lines = (await project.configText()).split('\n')
  const kept = lines.filter((line) => !sections.some((section) => line.trim().startsWith(`${section}:`)))
  expect(kept).toHaveLength(lines.length - sections.length)
  await writeFile(join(project.folder, 'trimaran.config.ts'), kept.join('\n'))
  return project
}

const titles = ({ plan: { waves } }: Proposal): readonly string[] => waves.map(({ title }) => title)

it('keeps the data of a tier that left the file, whatever is asked for', async () => {
  const project = await without('database')
  const { plan: planned } = await plan(await project.open(), () => {})
  expect(planned.refusals.map(({ server, what }) => `${server}: ${what}`)).toContain(
    'db-1: it holds the data, and database has left the file',
  )
  const works = [
    async () => await up(await project.open(), listen<Proposal>(true).operator),
    async () => await deploy(await project.open(), {}, listen<ReleaseProposal>(true).operator),
  ]
  for (const work of works) expect((await failureOf(work())).code).toBe('TRI-PLAN-001')
})

it('drains a server, and puts it back, while the file is without the tier: nothing of the file is brought', async () => {
  const project = await without('database')
  for (const name of ['web-1', 'web-2']) sayWebIsWell(project.servers, name)
  const before = changesOf(project.servers, 'app-1').length
  const yes = listen<Proposal>(true)
  await drain(await project.open(), { server: 'web-1' }, yes.operator)
  expect(changesOf(project.servers, 'web-1').join('')).toContain('/etc/nginx/drained')
  sayState(await project.open(), project.servers, { ...firstState, number: 4, drained: ['web-1'] })
  await undrain(await project.open(), 'web-1', yes.operator)
  expect(yes.asked.map(({ plan: { refusals } }) => refusals)).toEqual([[], []])
  expect(yes.asked.flatMap(titles).join()).not.toContain('removed')
  expect(changesOf(project.servers, 'app-1').slice(before).join('')).not.toContain('/etc/trimaran/app.env')
})

it('clears it where somebody gives it up, once nobody calls it any more', async () => {
  const project = await without('database')
  const yes = listen<Proposal>(false)
  await up(await project.open(), yes.operator, { givesUpData: true })
  const waves = titles(yes.shown[0]!)
  expect(waves.filter((title) => title.startsWith('removed servers'))).not.toEqual([])
  expect(waves.filter((title) => title.startsWith('app: '))).not.toEqual([])
  expect(waves.findIndex((title) => title.startsWith('removed'))).toBeGreaterThan(
    waves.findLastIndex((title) => title.startsWith('app: ')),
  )
  expect(waves.join()).not.toMatch(/step aside|hands over|leaves/)
})

it('does not ask app servers to be what nothing says any more, where the app left the file', async () => {
  const project = await without('app', 'database')
  const yes = listen<Proposal>(false)
  await up(await project.open(), yes.operator, { givesUpData: true })
  expect(titles(yes.shown[0]!).join()).not.toMatch(/step aside|wait for open requests/)
})

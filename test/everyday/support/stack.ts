import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StatusReport } from '../../../src/status/summarise.ts'
import type { TierName } from '../../../src/stack/stack.ts'
import { makeProject, type Project } from '../../lab/support/project.ts'
import type { Ran } from '../../lab/support/run-program.ts'
import { endOfBuild } from './release-times.ts'

export interface Shape {
  /** Begins the name of its lab. */
  readonly title: string
  readonly counts: Readonly<Partial<Record<TierName, number>>>
  /** A pool of PgBouncer on each app server. */
  readonly isPooled?: boolean
}

/** A guestbook in the lab, and what its operator does. */
export interface Stack {
  readonly project: Project
  readonly url: string
  /** Runs a verb on the lab, without a question. Throws where it fails. */
  readonly run: (...words: readonly string[]) => Promise<Ran>
  /** The same, where it is to fail. */
  readonly fail: (...words: readonly string[]) => Promise<Ran>
  /** Begins a verb, and ends it with `kill -9` once it has said that. */
  readonly kill: (text: string, ...words: readonly string[]) => Promise<void>
  readonly power: (state: 'off' | 'on', server: string) => Promise<void>
  /** A small change to the app's source, for the next release. */
  readonly changeApp: () => Promise<void>
  /** With another text in a file of the app for as long as `work` takes. */
  readonly withText: (path: string, change: (text: string) => string, work: () => Promise<void>) => Promise<void>
  readonly status: () => Promise<StatusReport>
  /** Waits until all servers are well, and demands that the file asks for nothing more. */
  readonly expectWhole: () => Promise<void>
  /** Puts right what a story that failed has left, as far as that is possible: the next one is not to suffer from it. */
  readonly repair: () => Promise<void>
  readonly remove: () => Promise<void>
}

export async function makeStack({ title, counts, isPooled = false }: Shape): Promise<Stack> {
  const project = await makeProject(title)
  const pool = isPooled ? ", pool: 'transaction'" : ''
  await project.edit('balancer: { servers: 2 }', `balancer: { servers: ${counts.balancer} }`)
  await project.edit('web: { servers: 1', `web: { servers: ${counts.web}`)
  await project.edit('app: {\n    servers: 1,', `app: {\n    servers: ${counts.app},\n    startTimeout: 15,`)
  await project.edit('database: { servers: 1 }', `database: { servers: ${counts.database}${pool} }`)
  await project.edit("build: 'npm ci && node build.js'", `build: 'npm ci && node build.js && echo ${endOfBuild}'`)

  const attempt = (...words: readonly string[]): Promise<Ran> => project.trimaran(...words, '--lab', '--yes')
  const demand = async (words: readonly string[], isRight: (code: number) => boolean): Promise<Ran> => {
    const ran = await attempt(...words)
    if (isRight(ran.code)) return ran
    throw new Error(`${words.join(' ')} ended with ${ran.code}\n${ran.stdout}${ran.stderr}`)
  }
  const run: Stack['run'] = (...words) => demand(words, (code) => code === 0)
  const status = async (): Promise<StatusReport> =>
    JSON.parse((await project.trimaran('status', '--lab', '--json')).stdout) as StatusReport
  const source = join(project.folder, 'src', 'layout.js')
  let changes = 0

  const { stdout } = await run('up').catch(async (error: unknown) => {
    await project.remove()
    throw error
  })
  return {
    project,
    url: /http:\/\/[\d.]+/.exec(stdout)![0],
    run,
    fail: (...words) => demand(words, (code) => code !== 0),
    kill: async (text, ...words) => {
      const running = project.start(...words, '--lab', '--yes')
      await running.said(text)
      await running.kill()
    },
    power: async (state, server) => {
      const { code, stdout, stderr } = await project.trimaran('lab', `power-${state}`, server)
      if (code !== 0) throw new Error(stdout + stderr)
    },
    changeApp: async () => {
      changes += 1
      await writeFile(source, `${await readFile(source, 'utf8')}\n// change ${changes}\n`)
    },
    withText: async (path, change, work) => {
      const file = join(project.folder, path)
      const before = await readFile(file, 'utf8')
      await writeFile(file, change(before))
      await work().finally(() => writeFile(file, before))
    },
    status,
    expectWhole: async () => {
      const deadline = performance.now() + 120_000
      while ((await status()).state !== 'well') {
        if (performance.now() > deadline) throw new Error((await project.trimaran('status', '--lab')).stdout)
        await sleep(1000)
      }
      const plan = await project.trimaran('plan', '--lab')
      if (!plan.stdout.includes('nothing to do')) throw new Error(plan.stdout)
    },
    repair: async () => {
      await attempt('up')
      for (const server of (await status()).drained) await attempt('undrain', server)
    },
    remove: project.remove,
  }
}

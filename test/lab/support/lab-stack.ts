import { afterAll, beforeAll, expect } from 'vitest'
import type { StatusReport } from '../../../src/status/summarise.ts'
import { shellCommand } from '../../../src/lab/index.ts'
import { makeProject, type Project } from './project.ts'
import { type Ran, runProgram } from './run-program.ts'

/** A guestbook in the lab, and what its operator does. Setting it up costs most: so the suites of a file share one. */
export interface LabStack {
  readonly project: Project
  /** Where it answers. */
  readonly url: string
  /** What the first `up` said. */
  readonly firstUp: string
  /** Runs a verb on the lab, without a question: look at `code`. */
  readonly attempt: (...words: readonly string[]) => Promise<Ran>
  /** The same; fails the test where the verb fails. */
  readonly run: (...words: readonly string[]) => Promise<Ran>
  readonly expectNothingToDo: () => Promise<void>
  readonly status: () => Promise<StatusReport>
  readonly stateOf: (server: string) => Promise<string>
  /** Runs a script on a server as root, over SSH alone, past Trimaran. Returns what it said, whether or not it failed. */
  readonly on: (server: string, script: string) => Promise<string>
  readonly power: (state: 'off' | 'on', server: string) => Promise<void>
}

/**
 * For the suites below the `describe` that calls it: brought up before the first, removed after the last. Where it does not
 * come up, none of them begins.
 */
export function useLabStack(title: string, prepare: (project: Project) => Promise<void>): LabStack {
  let project: Project | undefined
  let firstUp = ''
  beforeAll(async () => {
    project = await makeProject(title)
    await prepare(project)
    firstUp = (await run('up')).stdout
  })
  afterAll(() => project?.remove())

  const attempt: LabStack['attempt'] = (...words) => project!.trimaran(...words, '--lab', '--yes')
  const run: LabStack['run'] = async (...words) => {
    const ran = await attempt(...words)
    expect(ran.code, `${words.join(' ')}\n${ran.stderr}${ran.stdout}`).toBe(0)
    return ran
  }
  const status: LabStack['status'] = async () =>
    JSON.parse((await project!.trimaran('status', '--lab', '--json')).stdout) as StatusReport
  return {
    get project() {
      return project!
    },
    get url() {
      return / at (http:\/\/[\d.]+)/.exec(firstUp)![1]!
    },
    get firstUp() {
      return firstUp
    },
    attempt,
    run,
    status,
    expectNothingToDo: async () => expect((await run('up')).stdout).toContain('nothing to do'),
    stateOf: async (name) => (await status()).servers.find((server) => server.name === name)!.state,
    on: async (server, script) => {
      const [program = '', ...words] = shellCommand(project!.name, server)
      return (await runProgram(program, [...words, script]).ended).stdout.trim()
    },
    power: async (state, server) => {
      const { code, stdout, stderr } = await project!.trimaran('lab', `power-${state}`, server)
      expect(code, stdout + stderr).toBe(0)
    },
  }
}

/** Two servers in each tier, and three for the database: any one of them may be taken away. */
export async function makeRedundant(project: Project): Promise<void> {
  await project.edit('web: { servers: 1', 'web: { servers: 2')
  await project.edit('app: {\n    servers: 1,', 'app: {\n    servers: 2,\n    drainTimeout: 8,')
  // With a pool, writes wait while the primary moves; without one, some would be told that the database is away.
  await project.edit('database: { servers: 1 }', "database: { servers: 3, pool: 'transaction' }")
}

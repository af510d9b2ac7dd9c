import { readFile } from 'node:fs/promises'
import type { StatusReport } from '../../../src/status/summarise.ts'
import { labFiles } from '../../../src/lab/paths.ts'
import { makeProject, type Project } from '../../lab/support/project.ts'
import { type Ran, runProgram } from '../../lab/support/run-program.ts'

/** A lab with one server of every other tier and so many database servers, driven by the real command. */
export interface Tier {
  readonly project: Project
  readonly names: readonly string[]
  /** The number of the lab's subnet, `198.18.N.0/24`. */
  readonly subnet: number
  readonly addressOf: (server: string) => string
  /** Runs a script on a server as root, over SSH alone: what is measured waits for nothing else. */
  readonly on: (server: string, script: string) => Promise<Ran>
  readonly status: () => Promise<StatusReport>
  readonly leader: () => Promise<string>
  readonly remove: () => Promise<void>
}

export interface TierOptions {
  /** Puts the database's files on a disk of this size. It is gone when the server loses power. */
  readonly diskMegabytes?: number
  /** Puts a pool between the app and its sidecar. */
  readonly isPooled?: boolean
}

export async function makeTier(name: string, databases: number, options: TierOptions = {}): Promise<Tier> {
  const project = await makeProject(name)
  await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
  await project.edit(
    'database: { servers: 1 }',
    `database: { servers: ${databases}${options.isPooled === true ? ", pool: 'transaction'" : ''} }`,
  )
  if (options.diskMegabytes !== undefined) await limitDisks(project, databases, options.diskMegabytes)
  const { code, stdout, stderr } = await project.trimaran('up', '--lab', '--yes')
  if (code !== 0) {
    await project.remove()
    throw new Error(`the tier did not come up:\n${stdout}${stderr}`)
  }
  return openTier(project)
}

/** Before anything is installed: the folder is there with the package, and the small disk is put over it. */
async function limitDisks(project: Project, databases: number, megabytes: number): Promise<void> {
  await project.trimaran('lab', 'up')
  for (let number = 1; number <= databases; number += 1) {
    const mount = `mkdir -p /var/lib/postgresql && mount -t tmpfs -o size=${megabytes}m,mode=755,uid=$(id -u postgres),gid=$(id -g postgres) tmpfs /var/lib/postgresql`
    await runProgram('ssh', ['-F', labFiles(project.name).sshConfig, `db-${number}`, mount]).ended
  }
}

/** The same for a lab that is there already. */
export async function openTier(project: Project): Promise<Tier> {
  const { name } = project
  const state = JSON.parse(await readFile(labFiles(name).state, 'utf8')) as {
    subnet: number
    servers: { name: string; host: number }[]
  }
  const hosts = (): Promise<ReadonlyMap<string, number>> =>
    readFile(labFiles(name).state, 'utf8').then(
      (text) => new Map((JSON.parse(text) as typeof state).servers.map((server) => [server.name, server.host])),
    )
  const known = await hosts()
  const on: Tier['on'] = (server, script) =>
    runProgram('ssh', ['-F', labFiles(name).sshConfig, '-o', 'ConnectTimeout=5', server, script]).ended
  const status: Tier['status'] = async () =>
    JSON.parse((await project.trimaran('status', '--lab', '--json')).stdout) as StatusReport
  return {
    project,
    names: state.servers.map((server) => server.name),
    subnet: state.subnet,
    addressOf: (server) => `198.18.${state.subnet}.${known.get(server)}`,
    on,
    status,
    leader: async () => {
      const { database } = await status()
      if (database.leader === undefined) throw new Error('no database server leads')
      return database.leader
    },
    remove: project.remove,
  }
}

export const databasesOf = ({ names }: Tier): readonly string[] => names.filter((name) => name.startsWith('db-'))

import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { prepareLab } from '../../../src/operations/session/lab-servers.ts'
import { ensureImage, labDown, labUp, powerOff, powerOn, shellCommand } from '../../../src/lab/index.ts'
import { makeProject, type Project } from './project.ts'
import { runProgram } from './run-program.ts'

/** Real servers that a project knows by SSH alone, as it would know those of a hosting company. */
export interface ForeignServers {
  /** `198.18.3.` and whatever host number follows. */
  readonly addressOf: (host: number) => string
  readonly sshConfig: string
  /** Runs a shell line there as root, past Trimaran; throws where it fails. */
  readonly on: (server: string, line: string) => Promise<string>
  readonly powerOff: (server: string) => Promise<void>
  readonly powerOn: (server: string) => Promise<void>
  readonly remove: () => Promise<void>
}

export interface ForeignWish {
  /** Begins the lab's name; the rest of it is this run's own. */
  readonly title: string
  /** Host numbers by name. */
  readonly servers: Readonly<Record<string, number>>
  /** Servers without any of the stack's packages, that reach the internet to fetch them. */
  readonly bare?: boolean
}

export async function bootForeignServers({ title, servers, bare = false }: ForeignWish): Promise<ForeignServers> {
  const name = `${title}-${process.pid}`
  const image = bare ? await ensureImage({ packages: [] }) : await prepareLab(() => {})
  const hosts = Object.entries(servers).map(([server, host]) => ({ name: server, host }))
  const lab = await labUp({ name, owner: import.meta.dirname, servers: hosts, image, internet: bare })
  return {
    addressOf: (host) => lab.subnet.replace(/\d+\/24$/, String(host)),
    sshConfig: lab.sshConfig,
    on: async (server, line) => {
      const [program = '', ...words] = shellCommand(name, server)
      const { code, stdout, stderr } = await runProgram(program, [...words, line]).ended
      if (code !== 0) throw new Error(`${server}: ${line}\n${stdout}${stderr}`)
      return stdout.trim()
    },
    powerOff: (server) => powerOff(name, server),
    powerOn: (server) => powerOn(name, server),
    remove: async () => {
      await labDown(name)
    },
  }
}

export interface SiteWish {
  readonly title: string
  readonly balancer: readonly string[]
  readonly web: readonly string[]
  readonly app: readonly string[]
  readonly database: readonly string[]
  readonly virtualAddress?: string
}

/** The guestbook with SSH destinations instead of counts, and an SSH config of its own beside it. */
export async function makeSiteProject(foreign: ForeignServers, wish: SiteWish): Promise<Project> {
  const project = await makeProject(wish.title)
  const list = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`
  const address = wish.virtualAddress === undefined ? '' : `, virtualAddress: '${wish.virtualAddress}'`
  await project.edit('balancer: { servers: 2 }', `balancer: { servers: ${list(wish.balancer)}${address} }`)
  await project.edit('web: { servers: 1', `web: { servers: ${list(wish.web)}`)
  await project.edit('app: {\n    servers: 1', `app: {\n    servers: ${list(wish.app)}`)
  await project.edit(
    'database: { servers: 1 }',
    `database: { servers: ${list(wish.database)} },\n  ssh: { config: './ssh_config' }`,
  )
  await copyFile(foreign.sshConfig, join(project.folder, 'ssh_config'))
  return { ...project, remove: () => rm(project.folder, { recursive: true, force: true }) }
}

/** Changes a project's SSH config for as long as `work` takes. */
export async function withSshConfig(
  project: Project,
  change: (text: string) => string,
  work: () => Promise<void>,
): Promise<void> {
  const file = join(project.folder, 'ssh_config')
  const before = await readFile(file, 'utf8')
  await writeFile(file, change(before))
  try {
    await work()
  } finally {
    await writeFile(file, before)
  }
}

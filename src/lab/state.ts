import { trimaran } from '../speech/suggested-command.ts'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { failure } from '../errors/failure.ts'
import { addressOf, bridgeAddressOf, subnetOf, type SubnetNumber } from './addresses.ts'
import { machineStateOf, type MachineState } from './cgroup.ts'
import { labFiles, labsFolder } from './paths.ts'

/** What a lab is meant to be, as written in its `state.json`. What runs is asked of the kernel, never written down. */
export interface LabState {
  readonly name: string
  /** The folder of the project that the lab belongs to. */
  readonly owner: string
  readonly subnet: SubnetNumber
  readonly internet: boolean
  readonly servers: readonly ServerState[]
}

export interface ServerState {
  readonly name: string
  /** The last number of its address. */
  readonly host: number
  /** The root folder of the image that its disk lies over. */
  readonly image: string
}

/** A lab as others see it. */
export interface Lab {
  readonly name: string
  readonly owner: string
  readonly subnet: string
  /** The computer's own address in the lab. */
  readonly bridgeAddress: string
  readonly internet: boolean
  readonly servers: readonly LabServer[]
  /** A configuration for OpenSSH: `ssh -F sshConfig lb-1`. */
  readonly sshConfig: string
}

export interface LabServer {
  readonly name: string
  readonly address: string
  /** `broken`: some of its processes are gone; `labUp` boots it again. */
  readonly state: MachineState
}

/** All labs of this computer, by name. */
export async function listLabs(): Promise<readonly Lab[]> {
  const labs = await Promise.all((await listStates()).map(({ name }) => readLab(name)))
  return labs.filter((lab) => lab !== undefined)
}

/** A lab as it is now, or undefined when there is none of that name. */
export async function readLab(name: string): Promise<Lab | undefined> {
  const state = await readState(name)
  if (state === undefined) return undefined
  const servers = state.servers.map(async (server) => ({
    name: server.name,
    address: addressOf(state.subnet, server.host),
    state: await machineStateOf(name, server.name),
  }))
  return {
    name,
    owner: state.owner,
    subnet: subnetOf(state.subnet),
    bridgeAddress: bridgeAddressOf(state.subnet),
    internet: state.internet,
    servers: await Promise.all(servers),
    sshConfig: labFiles(name).sshConfig,
  }
}

/** What all labs of this computer are meant to be. */
export async function listStates(): Promise<readonly LabState[]> {
  const names: readonly string[] = await readdir(labsFolder()).catch(() => [])
  const states = await Promise.all(names.toSorted().map(readState))
  return states.filter((state) => state !== undefined)
}

/** @throws TRI-LAB-004 when there is no such lab */
export async function demandState(name: string): Promise<LabState> {
  const state = await readState(name)
  if (state !== undefined) return state
  const names = (await listLabs()).map((lab) => lab.name)
  throw failure('TRI-LAB-004', {
    what: `There is no lab “${name}” on this computer`,
    why: names.length === 0 ? 'There are no labs at all' : `There are: ${names.join(', ')}`,
    next: trimaran('up --lab'),
  })
}

/** @throws TRI-LAB-004 when there is no such lab, or no such server in it */
export async function demandServer(lab: string, server: string): Promise<{ state: LabState; server: ServerState }> {
  const state = await demandState(lab)
  const found = state.servers.find(({ name }) => name === server)
  if (found !== undefined) return { state, server: found }
  throw failure('TRI-LAB-004', {
    what: `The lab “${lab}” has no server ${server}`,
    why: `It has: ${state.servers.map(({ name }) => name).join(', ') || 'none yet'}`,
  })
}

export async function readState(name: string): Promise<LabState | undefined> {
  const file = labFiles(name).state
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as LabState) : undefined
}

/** Replaces the state at one stroke: a reader sees the old or the new one, whole. */
export async function writeState(state: LabState): Promise<void> {
  const { folder, state: file } = labFiles(state.name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`)
  await rename(`${file}.new`, file)
}

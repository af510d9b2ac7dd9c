import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { failure } from '../errors/failure.ts'
import { checkLabName, checkServers, namespaceOf, subnetOf } from './addresses.ts'
import { machineStateOf } from './cgroup.ts'
import { makeDisk, refreshHosts } from './disk.ts'
import type { OnLabEvent } from './events.ts'
import { raiseHostLimits } from './host-limits.ts'
import { attachLinks, hasLink, makeHostNetwork } from './host-network.ts'
import { type Image, noteUse } from './image.ts'
import { withLock } from './lock.ts'
import { bootMachine, waitForSsh } from './machine.ts'
import { labFiles, serverFiles } from './paths.ts'
import { demandRequirements } from './requirements.ts'
import { makeKey, writeSshAccess } from './ssh-access.ts'
import { type Lab, type LabState, readLab, type ServerState, writeState } from './state.ts'
import { reserveSubnet } from './subnets.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface LabWish {
  readonly name: string
  /** The folder of the project; only from there is the lab changed. */
  readonly owner: string
  /** `host` is the last number of the address, 2 to 254. */
  readonly servers: readonly { readonly name: string; readonly host: number }[]
  /** What new servers are made from, where there are any. Older ones keep theirs, since their disks lie over it. */
  readonly image?: Image
  /** Whether the servers reach the internet, through this computer. Otherwise they reach each other alone. */
  readonly internet?: boolean
  readonly onEvent?: OnLabEvent
  readonly signal?: AbortSignal
}

/**
 * Creates what is missing of a lab, and returns when the SSH of every server answers. A second run changes nothing;
 * after a crash or a reboot of the computer, it boots the same disks again. A server that was switched off stays off. A
 * server that is no longer wanted stays until `labRemoveServers`.
 * @throws TRI-LAB-001, TRI-LAB-003, TRI-LAB-004, TRI-LAB-005
 */
export async function labUp(wish: LabWish): Promise<Lab> {
  const onEvent = wish.onEvent ?? (() => {})
  checkLabName(wish.name)
  checkServers(wish.servers)
  await demandRequirements()
  const wait = (owner: string) => onEvent({ stage: 'wait', detail: `another process works on this lab (${owner})` })
  await withLock(`lab-${wish.name}`, wait, async () => {
    const state = await writeWish(wish)
    onEvent({ stage: 'network', detail: subnetOf(state.subnet) })
    await raiseHostLimits()
    await makeHostNetwork(state)
    await attachLinks(state)
    await makeKey(labFiles(state.name).key, `trimaran lab ${state.name}`)
    onEvent({ stage: 'disk', detail: 'disks and keys' })
    await Promise.all(state.servers.map((server) => makeDisk(state, server)))
    await writeSshAccess(state)
    await Promise.all(state.servers.map((server) => refreshHosts(state, server)))
    await bootAll(state, onEvent, wish.signal)
  })
  return (await readLab(wish.name))!
}

/** Adds the wanted servers to the state of the lab. */
async function writeWish(wish: LabWish): Promise<LabState> {
  const known = await reserveSubnet({ name: wish.name, owner: wish.owner })
  const wished = wish.servers.map((server) => {
    const image = known.servers.find(hasName(server))?.image ?? wish.image?.root
    if (image === undefined) throw new TypeError(`${server.name} is new, and has no image to be made from`)
    return { ...server, image }
  })
  const others = known.servers.filter((server) => !wish.servers.some(hasName(server)))
  const servers = [...others, ...wished].toSorted((a, b) => a.host - b.host)
  checkServers(servers)
  const state = { ...known, internet: wish.internet ?? false, servers }
  await writeState(state)
  if (wish.image !== undefined) await noteUse(wish.image.root, labFiles(state.name).folder)
  return state
}

const hasName =
  ({ name }: { readonly name: string }) =>
  (other: { readonly name: string }): boolean =>
    other.name === name

async function bootAll(state: LabState, onEvent: OnLabEvent, signal: AbortSignal | undefined): Promise<void> {
  let done = 0
  const total = state.servers.length
  const outcomes = await Promise.allSettled(
    state.servers.map(async (server) => {
      const detail = await bringUp(state, server, signal)
      done += 1
      onEvent({ stage: 'boot', server: server.name, detail, done, total })
    }),
  )
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** Starts one server if it does not run. Returns what was done. */
async function bringUp(state: LabState, server: ServerState, signal: AbortSignal | undefined): Promise<string> {
  if (existsSync(serverFiles(state.name, server.name).switchedOff)) return 'was switched off, and stays off'
  const whole = await isWhole(state, server)
  if (!whole) {
    if (!existsSync(server.image)) throw imageGone(server)
    await bootMachine(state, server)
  }
  await waitForSsh(state, server, signal)
  return whole ? 'runs already' : 'booted'
}

async function isWhole(state: LabState, server: ServerState): Promise<boolean> {
  // A server that is just rebooting itself looks broken for a moment.
  for (let tries = 0; tries < 20 && (await machineStateOf(state.name, server.name)) === 'broken'; tries += 1)
    await sleep(100)
  if ((await machineStateOf(state.name, server.name)) !== 'running') return false
  return existsSync(`/run/netns/${namespaceOf(state.subnet, server.name)}`) && hasLink(state.subnet, server.host)
}

const imageGone = (server: ServerState) =>
  failure('TRI-LAB-003', {
    what: `${server.name} cannot boot: the image that its disk lies over is gone`,
    where: server.image,
    next: `run ${trimaran('lab down')}, then ${trimaran('up --lab')}: the lab is created again`,
  })

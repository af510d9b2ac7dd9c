import { spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { failure } from '../errors/failure.ts'
import { addressOf, bridgeAddressOf, bridgeOf, hardwareAddressOf, linkOf, namespaceOf } from './addresses.ts'
import { killCgroups, makeServerCgroup, machineStateOf } from './cgroup.ts'
import { cutLink, removeNamespace } from './host-network.ts'
import { placeSupervisor } from './place-supervisor.ts'
import { serverFiles } from './paths.ts'
import type { LabState, ServerState } from './state.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** The longest that a boot may take, forty servers at once on two slow cores included. */
const bootDeadlineMs = 120_000

/** The longest that it may take until a server's first process is there. */
const startDeadlineMs = 10_000

/** Starts a server in the background; it outlives this process. `waitForSsh` waits until it is up. */
export async function bootMachine(state: LabState, server: ServerState): Promise<void> {
  const files = serverFiles(state.name, server.name)
  const { subnet } = state
  await killMachine(state, server)
  await rm(files.switchedOff, { force: true })
  await placeSupervisor(files.supervisor)
  const words = [
    await makeServerCgroup(state.name, server.name),
    `${state.name}-${server.name}`,
    server.name,
    files.folder,
    server.image,
    namespaceOf(subnet, server.name),
    bridgeOf(subnet),
    linkOf(subnet, server.host),
    hardwareAddressOf(subnet, server.host),
    `${addressOf(subnet, server.host)}/24`,
    state.internet ? bridgeAddressOf(subnet) : '-',
  ]
  const log = await open(files.console, 'a')
  spawn('/bin/sh', [files.supervisor, ...words], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
  }).unref()
  await log.close()
}

/** Powers a server off: its link first, so that peers receive nothing, then all of its processes at once. */
export async function killMachine(state: LabState, server: ServerState): Promise<void> {
  await cutLink(state.subnet, server.host)
  await killCgroups(state.name, server.name)
  await removeNamespace(state.subnet, server.name)
  await forgetMachine(state.name, server.name)
}

/** Removes what systemd-nspawn leaves under /run when it has no time to do so itself. */
export async function forgetMachine(lab: string, server: string): Promise<void> {
  const folders = ['propagate', 'unix-export'].map((kind) => `/run/systemd/nspawn/${kind}/${lab}-${server}`)
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
}

/**
 * Waits until a server's sshd sends its greeting.
 * @throws TRI-LAB-003 with the end of the console log, when the server ends first or takes longer than two minutes
 */
export async function waitForSsh(state: LabState, server: ServerState, signal?: AbortSignal): Promise<void> {
  const started = Date.now()
  const address = addressOf(state.subnet, server.host)
  while (Date.now() - started < bootDeadlineMs) {
    signal?.throwIfAborted()
    const machineState = await machineStateOf(state.name, server.name)
    if (machineState === 'running' && (await saysSsh(address))) return
    if (machineState === 'off' && Date.now() - started > startDeadlineMs) break
    await sleep(50)
  }
  const { console: file } = serverFiles(state.name, server.name)
  throw failure('TRI-LAB-003', {
    what: `${server.name} was booted, but its SSH does not answer`,
    where: file,
    why: (await readFile(file, 'utf8').catch(() => '')).trim().split('\n').slice(-8).join('\n'),
    next: `run ${trimaran('up --lab')} again; if that does not help, ${trimaran('lab down')} and start again`,
  })
}

/** Whether something at the address begins to talk SSH within a quarter of a second. */
function saysSsh(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 250 })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('data', (words) => answer(words.toString('latin1').startsWith('SSH-')))
    socket.once('timeout', () => answer(false))
    socket.once('error', () => answer(false))
  })
}

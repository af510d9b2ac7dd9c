import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { checkLabName, type SubnetNumber } from './addresses.ts'
import { killCgroups } from './cgroup.ts'
import { refreshHosts } from './disk.ts'
import type { OnLabEvent } from './events.ts'
import { findSubnetOfBridge, removeHostNetwork } from './host-network.ts'
import { withLock } from './lock.ts'
import { forgetMachine, killMachine } from './machine.ts'
import { labFiles, serverFiles } from './paths.ts'
import { writeSshAccess } from './ssh-access.ts'
import { demandState, readState, writeState } from './state.ts'
import { releaseSubnet } from './subnets.ts'

/**
 * Removes a lab, or what is left of it: processes, namespaces, links, firewall, route, disks. Returns false when there
 * was nothing of it.
 */
export async function labDown(name: string, options: { readonly onEvent?: OnLabEvent } = {}): Promise<boolean> {
  const onEvent = options.onEvent ?? (() => {})
  checkLabName(name)
  return withLock(`lab-${name}`, waiting(onEvent), async () => {
    const { folder } = labFiles(name)
    const state = await readState(name)
    const subnet: SubnetNumber | undefined = state?.subnet ?? (await findSubnetOfBridge(name))
    if (subnet === undefined && !existsSync(folder)) {
      onEvent({ stage: 'remove', detail: `there is no lab ${name}` })
      return false
    }
    onEvent({ stage: 'remove', detail: `${state?.servers.length ?? 'all'} servers`, total: state?.servers.length ?? 0 })
    await killCgroups(name)
    await Promise.all((state?.servers ?? []).map((server) => forgetMachine(name, server.name)))
    if (subnet !== undefined) await removeHostNetwork(name, subnet)
    await rm(folder, { recursive: true, force: true })
    if (subnet !== undefined) await releaseSubnet(subnet)
    return true
  })
}

/** Removes servers from a lab, with their disks. Names that it does not have are ignored. */
export async function labRemoveServers(
  name: string,
  servers: readonly string[],
  options: { readonly onEvent?: OnLabEvent } = {},
): Promise<void> {
  const onEvent = options.onEvent ?? (() => {})
  await withLock(`lab-${name}`, waiting(onEvent), async () => {
    const state = await demandState(name)
    for (const server of state.servers.filter((each) => servers.includes(each.name))) {
      onEvent({ stage: 'remove', server: server.name, detail: 'switched off, disk removed' })
      await killMachine(state, server)
      await rm(serverFiles(name, server.name).folder, { recursive: true, force: true })
    }
    const rest = { ...state, servers: state.servers.filter((each) => !servers.includes(each.name)) }
    await writeState(rest)
    await writeSshAccess(rest)
    await Promise.all(rest.servers.map((server) => refreshHosts(rest, server)))
  })
}

const waiting = (onEvent: OnLabEvent) => (owner: string) =>
  onEvent({ stage: 'wait', detail: `another process works on this lab (${owner})` })

import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/*
 * A cgroup holds every process of a lab server, also those whose parents have ended. So “is it running?” and “kill all of it at once” are operations of the kernel, and no process id is stored.
 *
 *   trimaran/LAB/SERVER/supervisor    the shell that boots the server, again after each reboot
 *   trimaran/LAB/SERVER/machine   systemd-nspawn, and the server itself in machine/payload
 */

/** What a server's processes say: all there, none there, or only some of them. */
export type MachineState = 'running' | 'off' | 'broken'

export async function makeServerCgroup(lab: string, server: string): Promise<string> {
  const folder = cgroupOf(lab, server)
  await mkdir(join(folder, 'supervisor'), { recursive: true })
  await mkdir(join(folder, 'machine'), { recursive: true })
  // Lets the server's own systemd limit memory and processor time, where the computer allows it.
  for (const each of [dirname(dirname(dirname(folder))), dirname(dirname(folder)), dirname(folder), folder]) {
    await writeFile(join(each, 'cgroup.subtree_control'), '+cpu +memory +io +pids').catch(() => {})
  }
  return folder
}

export async function machineStateOf(lab: string, server: string): Promise<MachineState> {
  const folder = cgroupOf(lab, server)
  const [supervisor, payload, all] = await Promise.all(
    ['supervisor', 'machine/payload', '.'].map((part) => isPopulated(join(folder, part))),
  )
  if (supervisor && payload) return 'running'
  return all ? 'broken' : 'off'
}

/** The process id, on this computer, of a running server's own init. */
export async function initOf(lab: string, server: string): Promise<number | undefined> {
  const file = join(cgroupOf(lab, server), 'machine/payload/init.scope/cgroup.procs')
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10)
  return Number.isNaN(pid) ? undefined : pid
}

/**
 * Kills every process of a lab, or of one of its servers, at the same moment, waits until they are gone, and removes
 * the cgroups. They must not be used again: Linux 6.18 kills what systemd starts in a new cgroup from one that was
 * killed before.
 */
export async function killCgroups(lab: string, server?: string): Promise<void> {
  await killAllIn(cgroupOf(lab, server))
  // On computers with both kinds of cgroup, systemd-nspawn mirrors the folders in its own v1 hierarchy.
  for (const folder of [cgroupOf(lab, server), join('/sys/fs/cgroup/systemd/trimaran', lab, server ?? '')]) {
    await removeFolders(folder)
    await rmdir(dirname(folder)).catch(() => {})
  }
}

/** Where cgroup v2 is mounted, on computers that have it alone as on those that have both kinds. */
export function findCgroupRoot(): string | undefined {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  return mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1]
}

function cgroupOf(lab: string, server = ''): string {
  return join(findCgroupRoot() ?? '/sys/fs/cgroup', 'trimaran', lab, server)
}

async function isPopulated(folder: string): Promise<boolean> {
  const events = await readFile(join(folder, 'cgroup.events'), 'utf8').catch(() => '')
  return events.includes('populated 1')
}

async function killAllIn(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (let tries = 0; tries < 200; tries += 1) {
    await writeFile(join(folder, 'cgroup.kill'), '1')
    if (!(await isPopulated(folder))) return
    await sleep(10)
  }
}

async function removeFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeFolders(join(folder, entry.name))
  await rmdir(folder).catch(() => {})
}

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addressOf } from './addresses.ts'
import { initOf } from './cgroup.ts'
import { placeSupervisor } from './place-supervisor.ts'
import { labFiles, serverFiles } from './paths.ts'
import { makeKey } from './ssh-access.ts'
import type { LabState, ServerState } from './state.ts'

const folders: readonly (readonly [path: string, mode: number])[] = [
  ['', 0o755],
  ['etc', 0o755],
  ['etc/ssh', 0o755],
  ['root', 0o700],
  ['root/.ssh', 0o700],
]

/** Makes a server's disk, unless it has one: a layer over the image with only what identifies this server. */
export async function makeDisk(state: LabState, server: ServerState): Promise<void> {
  const files = serverFiles(state.name, server.name)
  if (existsSync(files.supervisor)) return
  await rm(files.folder, { recursive: true, force: true })
  for (const folder of [files.work, files.root]) await mkdir(folder, { recursive: true })
  for (const [path, mode] of folders) {
    await mkdir(join(files.disk, path), { recursive: true })
    // Whatever the umask of the user.
    await chmod(join(files.disk, path), mode)
  }
  const own = {
    'etc/hostname': `${server.name}\n`,
    'etc/machine-id': `${randomBytes(16).toString('hex')}\n`,
    'etc/resolv.conf': await readNameservers(),
    'etc/hosts': renderHosts(state),
    'root/.ssh/authorized_keys': await readFile(`${labFiles(state.name).key}.pub`, 'utf8'),
  }
  for (const [path, text] of Object.entries(own)) {
    await writeFile(join(files.disk, path), text)
    await chmod(join(files.disk, path), 0o644)
  }
  await makeKey(files.hostKey, server.name)
  // Written last: a disk with it is complete.
  await placeSupervisor(files.supervisor)
}

/** Updates the neighbours in a server's hosts file, unless something else manages that file. */
export async function refreshHosts(state: LabState, server: ServerState): Promise<void> {
  const init = await initOf(state.name, server.name)
  const root = init === undefined ? serverFiles(state.name, server.name).disk : `/proc/${init}/root`
  const file = join(root, 'etc/hosts')
  const isFile = await lstat(file).then(
    (stats) => stats.isFile(),
    () => false,
  )
  if (!isFile) return
  const text = await readFile(file, 'utf8')
  if (text.startsWith(hostsTitle) && text !== renderHosts(state)) await writeFile(file, renderHosts(state))
}

const hostsTitle = '# The servers of the lab. Written by Trimaran, until this line is gone.\n'

/** The servers by name, for people who work on one. */
export function renderHosts(state: Pick<LabState, 'subnet' | 'servers'>): string {
  const servers = state.servers.map(({ name, host }) => `${addressOf(state.subnet, host)} ${name}\n`)
  return `${hostsTitle}127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n\n${servers.join('')}`
}

/** The computer's own name servers; one on its loopback cannot answer the lab. */
async function readNameservers(): Promise<string> {
  const candidates = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']
  const texts = await Promise.all(candidates.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.find((text) => /^nameserver (?!127\.|::1)/m.test(text)) ?? ''
}

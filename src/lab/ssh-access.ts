import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { addressOf } from './addresses.ts'
import { labFiles, serverFiles } from './paths.ts'
import { run } from './run.ts'
import type { LabState } from './state.ts'

export interface SshHost {
  readonly name: string
  readonly address: string
}

/** Makes a key pair unless it is there. */
export async function makeKey(file: string, comment: string): Promise<void> {
  if (existsSync(file)) return
  await mkdir(dirname(file), { recursive: true })
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])
}

/** Writes how to reach the servers: addresses, the lab's key, and the host keys that were made for them. */
export async function writeSshAccess(state: LabState): Promise<void> {
  const files = labFiles(state.name)
  const hosts = state.servers.map(({ name, host }) => ({ name, address: addressOf(state.subnet, host) }))
  const keys = hosts.map(async ({ name, address }) => {
    const key = await readFile(`${serverFiles(state.name, name).hostKey}.pub`, 'utf8')
    return `${address} ${key.split(' ').slice(0, 2).join(' ')}\n`
  })
  await writeFile(files.knownHosts, (await Promise.all(keys)).join(''))
  await writeFile(files.sshConfig, renderSshConfig(state.name, hosts, files))
}

/** Renders a configuration that stands alone: nothing of the user's own keys, agents and known hosts plays a part. */
export function renderSshConfig(
  lab: string,
  hosts: readonly SshHost[],
  files: { readonly key: string; readonly knownHosts: string },
): string {
  const each = hosts.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`)
  const all = [
    `Host *`,
    `  User root`,
    `  IdentityFile "${files.key}"`,
    `  IdentitiesOnly yes`,
    `  IdentityAgent none`,
    `  UserKnownHostsFile "${files.knownHosts}"`,
    `  GlobalKnownHostsFile /dev/null`,
    `  StrictHostKeyChecking yes`,
    `  UpdateHostKeys no`,
    `  ConnectTimeout 10`,
    `  LogLevel ERROR`,
    ``,
  ].join('\n')
  return `# How to reach the servers of the lab “${lab}”. Written by Trimaran.\n\n${[...each, all].join('\n')}`
}

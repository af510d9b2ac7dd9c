import { spawn, type ChildProcess } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import spawnOnce from 'nano-spawn'

/** An SSH server of a test's own on the loopback address, with keys that nobody else knows. */
export interface ThrowAwaySshd {
  /** Knows `server`, `nowhere` (refuses), `silent` (never answers), `locked` (wrong key), `stranger`, `changed`, `nameless`. */
  readonly sshConfig: string
  readonly folder: string
  /** The processes that serve connections now, without the listener. */
  sessions(): Promise<readonly number[]>
  /** Ends all connections, as when the server is switched off and on. */
  cut(): Promise<void>
  /** Stops it with all its sessions, as when its power is gone: nothing is answered, nothing is refused. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  end(): Promise<void>
}

/** Starts one; `options` are lines for its sshd_config. Needs root and openssh-server. */
export async function startThrowAwaySshd(options: readonly string[] = []): Promise<ThrowAwaySshd> {
  const folder = await mkdtemp(join(tmpdir(), 'trimaran-sshd-'))
  await mkdir('/run/sshd', { recursive: true })
  const [port, silentPort] = [await freePort(), await freePort()]
  await writeKeys(folder, port)
  await writeFile(join(folder, 'sshd_config'), serverConfig(folder, port, options))
  const sshConfig = join(folder, 'ssh_config')
  await writeFile(sshConfig, clientConfig(folder, port, silentPort))

  const silent = createServer(() => {}).listen(silentPort, '127.0.0.1')
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await untilListening(sshd)

  const sessions = (): Promise<number[]> => descendants(sshd.pid!)
  const signal = async (name: NodeJS.Signals): Promise<void> => (await sessions()).forEach((pid) => kill(pid, name))
  return {
    sshConfig,
    folder,
    sessions,
    cut: async () => (await directChildren(sshd.pid!)).forEach((pid) => kill(pid, 'SIGKILL')),
    async freeze() {
      kill(sshd.pid!, 'SIGSTOP')
      await signal('SIGSTOP')
    },
    async thaw() {
      await signal('SIGCONT')
      kill(sshd.pid!, 'SIGCONT')
    },
    async end() {
      for (const pid of await directChildren(sshd.pid!)) kill(pid, 'SIGKILL')
      sshd.kill('SIGKILL')
      silent.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function writeKeys(folder: string, port: number): Promise<void> {
  for (const name of ['host', 'user', 'wrong'])
    await spawnOnce('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)])
  await copyFile(join(folder, 'user.pub'), join(folder, 'authorized_keys'))
  const known = async (key: string) => `[127.0.0.1]:${port} ${await readFile(join(folder, `${key}.pub`), 'utf8')}`
  await writeFile(join(folder, 'known_hosts'), await known('host'))
  await writeFile(join(folder, 'known_hosts_of_before'), await known('wrong'))
}

const serverConfig = (folder: string, port: number, options: readonly string[]): string => `
${options.join('\n')}
ListenAddress 127.0.0.1:${port}
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
`

const clientConfig = (folder: string, port: number, silentPort: number): string => `
Host nowhere
  Port 1
Host silent
  Port ${silentPort}
Host nameless
  HostName no-such-server.invalid
Host locked
  IdentityFile ${folder}/wrong
Host stranger
  UserKnownHostsFile /dev/null
Host changed
  UserKnownHostsFile ${folder}/known_hosts_of_before
Host * !locked
  IdentityFile ${folder}/user
Host *
  HostName 127.0.0.1
  Port ${port}
  User root
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile ${folder}/known_hosts
  GlobalKnownHostsFile /dev/null
  HashKnownHosts no
`

const untilListening = (sshd: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let words = ''
    sshd.stderr!.setEncoding('utf8').on('data', (text: string) => {
      words += text
      if (words.includes('Server listening')) resolve()
    })
    sshd.on('error', reject)
    sshd.on('exit', () => reject(new Error(`sshd ended: ${words}`)))
  })

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function directChildren(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}

async function descendants(pid: number): Promise<number[]> {
  const children = await directChildren(pid)
  return [...children, ...(await Promise.all(children.map(descendants))).flat()]
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

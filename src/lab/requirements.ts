import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import spawn, { SubprocessError } from 'nano-spawn'
import { failure } from '../errors/failure.ts'
import { awaitApt } from '../resources/await-apt.ts'
import { findCgroupRoot } from './cgroup.ts'
import { attempt, lastWords, run, succeeds } from './run.ts'

/** A missing requirement of a lab. `package` is the Debian package that provides it, if there is one. */
export interface MissingRequirement {
  readonly what: string
  readonly why: string
  readonly package?: string
}

interface Requirement {
  readonly package: string
  readonly reason: string
  readonly command?: string
  readonly file?: string
}

/** What the list of requirements is divided into: `tests` are those of the project itself. */
export type Purpose = 'lab' | 'tests'

/** What this computer lacks for a lab; empty when it can hold one. Changes nothing. */
export async function missingRequirements(
  purposes: readonly Purpose[] = ['lab'],
): Promise<readonly MissingRequirement[]> {
  if (process.platform !== 'linux') {
    return [{ what: 'Linux', why: `lab servers share this computer's kernel, and this one is ${process.platform}` }]
  }
  const packages = (await readRequirements(purposes)).filter((requirement) => !isPresent(requirement))
  return [
    ...(process.getuid?.() === 0 ? [] : [{ what: 'root', why: 'a lab makes network links, mounts and namespaces' }]),
    ...packages.map((each) => ({ what: each.command ?? each.package, why: each.reason, package: each.package })),
    ...(await missingKernelParts()),
  ]
}

/** Installs the packages that are missing, with apt. `onProgress` hears apt's own lines. */
export async function installRequirements(
  onProgress: (line: string) => void,
  purposes: readonly Purpose[] = ['lab'],
): Promise<void> {
  const packages = (await missingRequirements(purposes)).flatMap((missing) => missing.package ?? [])
  if (packages.length === 0) return
  const install = ['install', '--yes', '--no-install-recommends', ...packages]
  const known = await succeeds('apt-get', ['--simulate', ...install])
  if (!known) await apt(['update'], onProgress)
  await apt(install, onProgress)
}

/** @throws TRI-LAB-001 when this computer cannot hold a lab; the reason lists all that is missing. */
export async function demandRequirements(): Promise<void> {
  const missing = await missingRequirements()
  if (missing.length === 0) return
  const packages = missing.flatMap((each) => each.package ?? [])
  const curable = packages.length === missing.length
  throw failure('TRI-LAB-001', {
    what: 'This computer cannot hold a lab yet',
    why: missing.map(({ what, why }) => `${what} is missing: ${why}`).join('\n'),
    next: curable
      ? `apt-get install --no-install-recommends ${packages.join(' ')}`
      : 'run it as root on a Linux computer, or a virtual machine, that allows namespaces',
  })
}

async function apt(words: readonly string[], onProgress: (line: string) => void): Promise<void> {
  onProgress(`apt-get ${words.join(' ')}`)
  await waitForApt(onProgress)
  await run('apt-get', words, { env: { DEBIAN_FRONTEND: 'noninteractive' } }).catch((error: unknown) => {
    throw failure('TRI-LAB-001', {
      what: 'The packages that a lab needs could not be installed',
      why: lastWords(error),
      next: `run \`apt-get ${words.join(' ')}\` by hand`,
    })
  })
}

/** The computer may be upgrading itself. Where that takes too long, apt-get says so in its own words. */
async function waitForApt(onProgress: (line: string) => void): Promise<void> {
  try {
    for await (const line of spawn('bash', ['-c', awaitApt().text], { stdin: 'ignore' })) onProgress(line)
  } catch (error) {
    if (!(error instanceof SubprocessError)) throw error
  }
}

/** The list at the root of the repository; the package carries it too. */
async function readRequirements(purposes: readonly Purpose[]): Promise<readonly Requirement[]> {
  const text = await readFile(new URL('../../requirements.json', import.meta.url), 'utf8')
  const lists = JSON.parse(text) as Readonly<Record<Purpose, readonly Requirement[]>>
  return purposes.flatMap((purpose) => lists[purpose])
}

function isPresent({ command, file }: Requirement): boolean {
  if (file !== undefined) return existsSync(file)
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return command === undefined || folders.some((folder) => existsSync(join(folder, command)))
}

async function missingKernelParts(): Promise<readonly MissingRequirement[]> {
  if (process.getuid?.() !== 0) return []
  await attempt('modprobe', ['--quiet', '--all', 'overlay', 'bridge', 'veth'])
  const overlay =
    'd=$(mktemp -d) && mkdir $d/a $d/b $d/c && mount -t overlay o -o lowerdir=/usr,upperdir=$d/a,workdir=$d/b $d/c'
  const tries = [
    { what: 'namespaces', why: 'a lab server has its own network and mounts', words: ['true'] },
    {
      what: 'overlay file systems',
      why: 'a lab server keeps its own changes over one shared image',
      words: ['sh', '-c', `mount -t tmpfs t /tmp && ${overlay}`],
    },
    {
      what: 'bridges and virtual links',
      why: 'they are the network of a lab',
      words: ['sh', '-c', 'ip link add b0 type bridge && ip link add v0 type veth peer name v1'],
    },
  ]
  const works = await Promise.all(
    tries.map(({ words }) => succeeds('unshare', ['--mount', '--net', '--pid', '--fork', ...words])),
  )
  const missing = tries.filter((_, index) => !works[index]).map(({ what, why }) => ({ what, why }))
  const cgroup = { what: 'cgroup v2', why: 'a lab server is kept together, and switched off, by its cgroup' }
  return findCgroupRoot() === undefined ? [...missing, cgroup] : missing
}

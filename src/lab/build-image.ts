import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure, type TrimaranError } from '../errors/failure.ts'
import { readApt, readDebootstrap } from './build-progress.ts'
import { readHostApt } from './host-apt.ts'
import { maskedUnits, plainServerPackages, settings, settingsBeforePackages, suite } from './image-recipe.ts'
import { run } from './run.ts'
import { type Build, runTool, type ToolFailure } from './run-tool.ts'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Builds a plain Debian server into an empty folder. */
export async function buildBare(root: string, build: Build): Promise<void> {
  const apt = await readHostApt()
  const include = `--include=${plainServerPackages.join(',')}`
  const words = ['--variant=minbase', `--keyring=${keyring}`, include, suite, root, apt.mirror]
  const name = 'debootstrap'
  await runTool({ program: name, name, words, read: readDebootstrap(), explain: notBuilt }, apt, build)
  build.onEvent({ stage: 'settle', detail: 'settings of a lab server' })
  await writeFiles(root, settings)
  await run('systemctl', ['--root', root, 'enable', '--quiet', 'lab-kernel-settings.service'])
  for (const unit of maskedUnits) await mask(root, unit)
  // The downloaded packages, sixty megabytes, are no longer needed.
  await rm(join(root, 'var/cache/apt/archives'), { recursive: true })
  await mkdir(join(root, 'var/cache/apt/archives/partial'), { recursive: true })
  await forgetIdentity(root)
  await markUpToDate(root)
}

/**
 * Adds packages to a copy of the plain server. No service starts, now or when a server boots, until Trimaran starts it.
 */
export async function buildStocked(
  root: string,
  bare: string,
  inputs: { readonly packages: readonly string[]; readonly files: Readonly<Record<string, string>> },
  build: Build,
): Promise<void> {
  const apt = await readHostApt()
  build.onEvent({ stage: 'settle', detail: 'copy of the plain server' })
  await run('cp', ['--archive', '--reflink=auto', bare, root])
  await writeFiles(root, { ...settingsBeforePackages, ...inputs.files })
  await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'))
  const before = await wantedUnits(root)
  await withNothingStarting(root, async () => {
    const script = 'mount -t proc proc "$0/proc" && exec chroot "$0" apt-get "$@"'
    const tool = { program: 'sh', name: 'apt-get', explain: notBuilt }
    const inRoot = (words: readonly string[]) =>
      runTool({ ...tool, words: ['-c', script, root, ...words], read: readApt() }, apt, build)
    await inRoot(['update'])
    await inRoot(['install', '--yes', '--no-install-recommends', ...inputs.packages])
    await inRoot(['clean'])
  })
  build.onEvent({ stage: 'settle', detail: 'units that wait to be started' })
  for (const link of await wantedUnits(root)) if (!before.includes(link)) await rm(join(root, link))
  await forgetIdentity(root)
  await markUpToDate(root)
}

const notBuilt = ({ ended, why, next }: ToolFailure): TrimaranError =>
  failure('TRI-LAB-002', {
    what: `The image of the lab servers could not be built: ${ended}`,
    why,
    state: 'Nothing incomplete was kept',
    next,
  })

/** The contract of policy-rc.d: with 101, the installation of a package starts no service. */
async function withNothingStarting(root: string, work: () => Promise<void>): Promise<void> {
  const policy = join(root, 'usr/sbin/policy-rc.d')
  await writeFile(policy, '#!/bin/sh\nexit 101\n')
  await chmod(policy, 0o755)
  await work()
  await rm(policy)
}

async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

async function mask(root: string, unit: string): Promise<void> {
  const link = join(root, 'etc/systemd/system', unit)
  await rm(link, { force: true })
  await symlink('/dev/null', link)
}

/** The links that start services at boot; those that the installation of a package adds are removed again. */
async function wantedUnits(root: string): Promise<readonly string[]> {
  const folder = 'etc/systemd/system'
  const wants = (await readdir(join(root, folder))).filter((name) => /\.(wants|requires)$/.test(name))
  const links = wants.map(async (name) =>
    (await readdir(join(root, folder, name)))
      .filter((unit) => /\.(service|socket|target)$/.test(unit))
      .map((unit) => join(folder, name, unit)),
  )
  return (await Promise.all(links)).flat()
}

/** What identifies a server must be unique; each gets its own when its disk is made. */
async function forgetIdentity(root: string): Promise<void> {
  const keys = (await readdir(join(root, 'etc/ssh'))).filter((name) => name.startsWith('ssh_host_'))
  const files = [...keys.map((key) => `etc/ssh/${key}`), 'etc/machine-id', 'var/lib/dbus/machine-id', 'etc/hostname']
  await Promise.all([...files, 'etc/resolv.conf'].map((file) => rm(join(root, file), { force: true })))
}

/** Tells systemd that nothing changed under /usr since the last boot: it saves a second at the first boot. */
async function markUpToDate(root: string): Promise<void> {
  const { mtime } = await stat(join(root, 'usr'))
  for (const file of ['etc/.updated', 'var/.updated'].map((path) => join(root, path))) {
    if (!existsSync(file)) await writeFile(file, '')
    await utimes(file, mtime, mtime)
  }
}

import { components } from '../../components/index.ts'
import type { Emit } from '../../events/event.ts'
import { forgetKnownServers, writeKnownServers } from '../../engine/known-servers.ts'
import { forgetSeenStackState } from '../../engine/seen-stack-state.ts'
import { failure } from '../../errors/failure.ts'
import {
  demandRequirements,
  ensureImage,
  type Image,
  installRequirements,
  type Lab,
  labDown,
  type LabEvent,
  labRemoveServers,
  labUp,
  listLabs,
  missingRequirements,
  type Purpose,
  readLab,
} from '../../lab/index.ts'
import { interrupted, unlessInterrupted } from '../interrupted.ts'
import type { Project, Session } from './session.ts'
import { labPlacement, stackOf } from './stack-of.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** Packages of every component: lab servers have them already, so that an `up` need not download anything. */
const stockedPackages = [...new Set(components.flatMap(({ packages }) => packages))]

/**
 * Boots the lab servers of a project that are missing, after installing what this computer lacks and building the
 * image. Servers that are there already stay as they are.
 */
export async function bootLab({ config, folder }: Project, emit: Emit, signal?: AbortSignal): Promise<Lab> {
  const stated = components.flatMap((one) => one.packagesFor?.(config) ?? [])
  const stop = signal && { signal }
  const { servers } = stackOf(config, labPlacement({ subnet: '198.18.0.0/24' }))
  const there = await namesInLab({ config })
  // Only a new server is made from an image. Others are sent what they lack when they install it.
  const isWhole = servers.every(({ name }) => there.has(name))
  const image = await unlessInterrupted(
    { ...stop },
    async () => {
      if (!isWhole) return await prepareLab(emit, stated, ['lab'], signal)
      await installMissing(emit, ['lab'])
      return undefined
    },
    'no lab server was booted',
  )
  return await labUp({
    name: config.name,
    owner: folder,
    ...(image && { image }),
    servers: servers.map(({ name, address }) => ({ name, host: Number(address.split('.').at(-1)) })),
    internet: config.lab.internet,
    onEvent: reporter(emit),
    ...stop,
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? interrupted('lab servers that were booted already run') : error
  })
}

/** @throws TRI-LAB-004 when the project has no lab on this computer. */
export async function findLab({ config }: Project): Promise<Lab> {
  const lab = await readLab(config.name)
  if (lab !== undefined) return lab
  throw failure('TRI-LAB-004', {
    what: `${config.name} has no lab on this computer`,
    next: `make it with ${trimaran('up --lab')}`,
  })
}

/** Removes, with their disks, the lab servers that the file no longer has; they were cleared before. */
export async function removeLabServers({ stack, stateFolder }: Session, emit: Emit): Promise<void> {
  const wanted = new Set(stack.servers.map(({ name }) => name))
  if (await removeOthers(stack.name, wanted, emit)) await writeKnownServers(stateFolder, 'lab', stack.servers)
}

/** The servers that a project's lab has now; none where it has no lab. */
export async function namesInLab({ config }: Pick<Project, 'config'>): Promise<ReadonlySet<string>> {
  return new Set((await readLab(config.name))?.servers.map(({ name }) => name))
}

/** Removes one lab server with its disk: the next one that boots in its place is a new machine. */
export async function removeFromLab({ config }: Project, server: string, emit: Emit): Promise<void> {
  await labRemoveServers(config.name, [server], { onEvent: reporter(emit) })
}

/** Removes lab servers that were booted for a change that was then declined. */
export async function keepOnlyInLab({ config }: Project, wanted: ReadonlySet<string>, emit: Emit): Promise<void> {
  await removeOthers(config.name, wanted, emit)
}

/** Removes a lab with all its disks, and what the project knows of its servers. @returns whether there was one */
export async function removeLab(name: string): Promise<boolean> {
  const owner = (await listLabs()).find((lab) => lab.name === name)?.owner
  const removed = await labDown(name)
  if (owner === undefined) return removed
  await forgetKnownServers(owner, 'lab')
  await forgetSeenStackState(owner, 'lab')
  return removed
}

async function removeOthers(lab: string, wanted: ReadonlySet<string>, emit: Emit): Promise<boolean> {
  const servers = (await readLab(lab))?.servers ?? []
  const gone = servers.map(({ name }) => name).filter((name) => !wanted.has(name))
  if (gone.length === 0) return false
  await labRemoveServers(lab, gone, { onEvent: reporter(emit) })
  return true
}

/**
 * Installs what this computer lacks, and builds the image that lab servers are made from, once: with the packages of
 * every component, and those that the config names.
 * @throws TRI-LAB-001 this computer cannot hold a lab; TRI-LAB-002 the image could not be built.
 */
export async function prepareLab(
  emit: Emit,
  statedPackages: readonly string[] = [],
  purposes: readonly Purpose[] = ['lab'],
  signal?: AbortSignal,
): Promise<Image> {
  await installMissing(emit, purposes)
  await demandRequirements()
  const packages = [...stockedPackages, ...statedPackages]
  return await ensureImage({ packages, onEvent: reporter(emit), ...(signal && { signal }) })
}

async function installMissing(emit: Emit, purposes: readonly Purpose[]): Promise<void> {
  const missing = await missingRequirements(purposes)
  const packages = missing.filter((each) => each.package !== undefined)
  // What no package can fix is reported by `demandRequirements`, with all reasons together.
  if (packages.length === 0 || packages.length < missing.length) return
  for (const { package: name, why } of packages) {
    emit({ type: 'note', level: 'info', text: `installing the Debian package ${name}: it ${why}` })
  }
  await installRequirements(
    (line) => emit({ type: 'stage', name: 'installing Debian packages', detail: line }),
    purposes,
  )
}

const stageNames: Readonly<Record<LabEvent['stage'], string>> = {
  wait: 'waiting',
  download: 'downloading Debian 13',
  unpack: 'unpacking Debian 13',
  install: 'installing packages into the image',
  settle: 'finishing the image',
  network: 'lab network',
  disk: 'lab disks',
  boot: 'booting lab servers',
  fetch: 'downloading packages for lab servers',
  remove: 'removing lab servers',
}

export function reporter(emit: Emit): (event: LabEvent) => void {
  return ({ stage, detail, server, done, total }) => {
    if (stage === 'boot' && detail === 'runs already') return
    if (stage === 'network' || stage === 'disk') return
    emit({
      type: 'stage',
      name: stageNames[stage],
      detail: server === undefined ? detail : `${server} ${detail}`,
      ...(done !== undefined && { done }),
      ...(total !== undefined && { total }),
    })
  }
}

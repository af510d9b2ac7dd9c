import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failure, type TrimaranError } from '../errors/failure.ts'
import { type ProgressReader, readApt } from './build-progress.ts'
import type { OnLabEvent } from './events.ts'
import { readHostApt } from './host-apt.ts'
import { withLock } from './lock.ts'
import { labFiles } from './paths.ts'
import { runTool, type ToolFailure } from './run-tool.ts'
import { demandState, type LabState } from './state.ts'

export interface ArchiveWish {
  readonly lab: string
  /** What each server is to install, by its name. */
  readonly packages: ReadonlyMap<string, readonly string[]>
  readonly onEvent?: OnLabEvent
  readonly signal?: AbortSignal
}

/** Brings an archive, a tar of files, to these servers. */
type Send = (archive: string, servers: readonly string[]) => Promise<void>

/**
 * The servers of a lab have no way to a Debian mirror: this computer downloads what they are to install, with all that it needs
 * beside their image. `send` is called once for the servers that get the same; the archive is gone when it returns. Servers of a
 * lab that reaches the internet ask the mirror themselves.
 * @throws TRI-LAB-002 this computer knows no mirror; TRI-LAB-004 no such lab; TRI-LAB-006 the packages cannot be had
 */
export async function withPackageArchives(wish: ArchiveWish, send: Send): Promise<void> {
  const { onEvent = () => {}, signal } = wish
  const state = await demandState(wish.lab)
  if (state.internet) return
  const work = join(labFiles(wish.lab).folder, 'packages')
  const wait = (owner: string) => onEvent({ stage: 'wait', detail: `another process fetches packages (${owner})` })
  const apt = await readHostApt()
  await withLock(`packages-${wish.lab}`, wait, async () => {
    for (const { image, packages, servers } of alike(state, wish.packages)) {
      await empty(work)
      try {
        const words = [program, image, work, ...packages]
        const tool = { program: 'sh', words, name: 'apt-get', read: readDownload(), explain: notDownloaded }
        await runTool(tool, apt, { onEvent, signal })
        await send(join(work, 'archive.tar'), servers)
      } finally {
        await rm(work, { recursive: true, force: true })
      }
    }
  })
}

const program = fileURLToPath(new URL('files/archive-packages', import.meta.url))

interface Alike {
  readonly image: string
  readonly packages: readonly string[]
  readonly servers: readonly string[]
}

/** Servers over the same image that install the same need the same. */
export function alike(
  { servers }: Pick<LabState, 'servers'>,
  wanted: ReadonlyMap<string, readonly string[]>,
): readonly Alike[] {
  const each = servers.flatMap(({ name, image }) => {
    const packages = [...new Set(wanted.get(name))].toSorted()
    return packages.length === 0 ? [] : [{ name, image, packages }]
  })
  return [...Map.groupBy(each, ({ image, packages }) => JSON.stringify([image, packages])).values()].map((group) => ({
    image: group[0]!.image,
    packages: group[0]!.packages,
    servers: group.map(({ name }) => name),
  }))
}

/** What a run that was killed has left there does not matter. */
async function empty(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
}

/** apt names what it fetches; nothing is installed here. */
function readDownload(): ProgressReader {
  const read = readApt()
  return (line) => {
    const event = read(line)
    return event && { ...event, stage: 'fetch' }
  }
}

const notDownloaded = ({ ended, why, next }: ToolFailure): TrimaranError =>
  failure('TRI-LAB-006', {
    what: `Packages for the lab servers could not be downloaded: ${ended}`,
    why,
    state: 'nothing was changed on any server',
    next,
  })

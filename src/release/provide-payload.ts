import { having } from '../components/component.ts'
import { components } from '../components/index.ts'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { hasServers } from '../config/build-settings.ts'
import type { Config } from '../config/schema.ts'
import type { Emit } from '../events/event.ts'
import type { Payload } from '../engine/gather-payloads.ts'
import { makePrivateFolder } from '../engine/private-folder.ts'
import { failure, TrimaranError } from '../errors/failure.ts'
import type { StackState } from '../stack/stack-state.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { describeArchive } from './archive-contents.ts'
import { buildFromConfig } from './build-from-config.ts'
import { fetchNodeRuntime } from './fetch-node-runtime.ts'
import type { ReleaseArchives } from './pack-release.ts'
import { fetchTree, type FetchTreeOptions } from './fetch-tree.ts'
import { secondsOf } from './name-release.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface PayloadOptions {
  readonly config: Config
  /** The folder of the config file: the app's source is found from here. */
  readonly folder: string
  /** `.trimaran` beside it, where releases are kept. */
  readonly stateFolder: string
  /** Servers of the app and web tier that run the current release, and how to reach them. */
  readonly sources: readonly Server[]
  /** The digests of the release. */
  readonly stackState: Pick<StackState, 'digests'>
  readonly connect: (server: Server) => Promise<Connection>
  readonly readAppSecrets: () => Promise<Readonly<Record<string, string>>>
  readonly emit: Emit
  readonly signal?: AbortSignal
}

/**
 * Returns the archive that a step asks for by name. `release:NAME` and `static:NAME` are built, or taken from the operator's copy,
 * or fetched from a server that runs that release. `node:24.22.3:amd64` is downloaded once and kept.
 */
export function providePayload(options: PayloadOptions): Payload {
  const release = onlyOnce((name: string) => findRelease(name, options))
  return async (payload) => {
    const [sort, name = '', architecture = ''] = payload.split(':')
    if (sort === 'node') {
      options.emit({ type: 'stage', name: `Node.js ${name} for ${architecture}` })
      const cache = process.env['TRIMARAN_CACHE'] ?? join(homedir(), '.cache', 'trimaran')
      return { path: await fetchNodeRuntime({ version: name, architecture, cache }) }
    }
    const archives = await release(name)
    const archive = archives[sort === 'static' ? 'static' : 'app']
    if (archive === undefined) throw new Error(`the config has no app, and so release ${name} has no ${payload}`)
    return await describeArchive(archive, secondsOf(name))
  }
}

async function findRelease(name: string, options: PayloadOptions): Promise<ReleaseArchives> {
  const folder = join(options.stateFolder, 'releases', name)
  const hasApp = hasServers(options.config.app)
  const archives = { ...(hasApp && { app: join(folder, 'app.tar.gz') }), static: join(folder, 'static.tar.gz') }
  if (Object.values(archives).every((archive) => existsSync(archive))) return archives
  await makePrivateFolder(options.stateFolder)
  if (options.sources.length > 0) return await fetchFromServers(name, archives, options)
  return await buildFromConfig(name, options)
}

/**
 * Fetches a release that another operator, or CI, built from a server that runs it. If one server fails, the next one is tried.
 */
async function fetchFromServers(
  name: string,
  archives: ReleaseArchives,
  options: PayloadOptions,
): Promise<ReleaseArchives> {
  const sources = having(components, 'holdsReleases').flatMap(({ role: { tier, folder, archive } }) => {
    const file = archives[archive]
    return file === undefined ? [] : [{ tier, sort: archive, path: `${folder}/releases/${name}`, file }]
  })
  const digests = options.stackState.digests?.[name]
  if (digests === undefined) {
    const text = `nothing tells what release ${name} is: it was built before the stack state told that, and is taken as servers have it`
    options.emit({ type: 'note', level: 'warning', text })
  }
  for (const { tier, sort, path, file } of sources) {
    let refused: TrimaranError | undefined = failure('TRI-RELEASE-004', {
      what: `Release ${name} is not on this computer, and no ${tier} server that has it answers`,
      next: `run ${trimaran('up')} where it was built, or once a server that has it answers again`,
    })
    for (const source of options.sources.filter((server) => server.tier === tier)) {
      options.emit({ type: 'stage', name: `fetching release ${name} from ${source.name}` })
      const digest = digests?.[sort]
      const wanted = digest !== undefined && { digest }
      refused = await fetchFrom(source, { release: name, sort, path, file, ...wanted }, options)
      if (refused === undefined) break
      options.emit({ type: 'note', level: 'warning', text: [refused.facts.what, refused.facts.why].join(': ') })
    }
    if (refused !== undefined) throw refused
  }
  return archives
}

/** @returns why this server could not. */
async function fetchFrom(
  source: Server,
  wanted: Omit<FetchTreeOptions, 'connection' | 'server'>,
  { connect, signal }: PayloadOptions,
): Promise<TrimaranError | undefined> {
  try {
    const connection = await connect(source)
    await fetchTree({ connection, server: source.name, ...wanted, ...(signal && { signal }) })
    return undefined
  } catch (error) {
    if (error instanceof TrimaranError && signal?.aborted !== true) return error
    throw error
  }
}

function onlyOnce<T>(find: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const found = new Map<string, Promise<T>>()
  return (name) => {
    const known = found.get(name) ?? find(name)
    found.set(name, known)
    return known
  }
}

import { Buffer } from 'node:buffer'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Config } from '../config/schema.ts'
import type { Tell } from '../engine/event.ts'
import { makePrivateFolder } from '../engine/private-folder.ts'
import { failure } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { buildFromConfig } from './build-from-config.ts'
import { fetchNodeRuntime } from './fetch-node-runtime.ts'

export interface PayloadOptions {
  readonly config: Config
  /** The folder of the config file: the app's source is found from here. */
  readonly folder: string
  /** `.trimaran` beside it, where releases are kept. */
  readonly stateFolder: string
  /** Servers of the app and web tier that run the current release, and how to reach them. */
  readonly holders: readonly Server[]
  readonly connect: (server: Server) => Promise<Connection>
  readonly readAppSecrets: () => Promise<Readonly<Record<string, string>>>
  readonly tell: Tell
  readonly signal?: AbortSignal
}

/**
 * Gives the archive that a step asks for by name: `release:NAME` and `static:NAME` are built, or taken from the
 * operator's own copy, or from a server that runs that release; `node:24.22.3:amd64` is downloaded once and kept.
 */
export function providePayload(options: PayloadOptions): (name: string) => Promise<string> {
  const release = onlyOnce((name: string) => findRelease(name, options))
  return async (payload) => {
    const [sort, name = '', architecture = ''] = payload.split(':')
    if (sort === 'node') {
      options.tell({ type: 'stage', name: `Node.js ${name} for ${architecture}` })
      const cache = process.env['TRIMARAN_CACHE'] ?? join(homedir(), '.cache', 'trimaran')
      return await fetchNodeRuntime({ version: name, architecture, cache })
    }
    const archives = await release(name)
    return sort === 'static' ? archives.static : archives.app
  }
}

interface Archives {
  readonly app: string
  readonly static: string
}

async function findRelease(name: string, options: PayloadOptions): Promise<Archives> {
  const folder = join(options.stateFolder, 'releases', name)
  const archives = { app: join(folder, 'app.tar.gz'), static: join(folder, 'static.tar.gz') }
  if (existsSync(archives.app) && existsSync(archives.static)) return archives
  await makePrivateFolder(options.stateFolder)
  if (options.holders.length > 0) return await fetchFromServers(name, archives, options)
  return await buildFromConfig(name, options)
}

/** Another operator, or CI, built this release: the servers that run it have it. */
async function fetchFromServers(name: string, archives: Archives, options: PayloadOptions): Promise<Archives> {
  const sources = [
    { tier: 'app', path: `/srv/app/releases/${name}`, file: archives.app },
    { tier: 'web', path: `/srv/web/releases/${name}`, file: archives.static },
  ]
  for (const { tier, path, file } of sources) {
    const holder = options.holders.find((server) => server.tier === tier)
    if (holder === undefined) {
      throw failure('TRI-RELEASE-004', {
        what: `Release ${name} is not on this computer, and no ${tier} server that has it answers`,
        next: 'run `trimaran up` where it was built, or when a server that has it is back',
      })
    }
    options.tell({ type: 'stage', name: `fetching release ${name} from ${holder.name}` })
    await fetchTree(holder, path, file, options)
  }
  return archives
}

async function fetchTree(holder: Server, path: string, file: string, { connect }: PayloadOptions): Promise<void> {
  const connection = await connect(holder)
  const { code, stdout, stderr } = await connection.run(
    sh`tar -cz -C ${path} . | base64 -w0; exit \${PIPESTATUS[0]}`.text,
    {
      deadlineSeconds: 600,
    },
  )
  if (code !== 0) {
    throw failure('TRI-RELEASE-004', {
      what: `${holder.name} could not hand out ${path}`,
      why: stderr.trim(),
      next: 'try again',
    })
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.partial`, Buffer.from(stdout.trim(), 'base64'))
  await rename(`${file}.partial`, file)
}

function onlyOnce<T>(find: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const found = new Map<string, Promise<T>>()
  return (name) => {
    const known = found.get(name) ?? find(name)
    found.set(name, known)
    return known
  }
}

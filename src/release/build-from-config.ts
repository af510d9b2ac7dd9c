import { join } from 'node:path'
import { buildSettings } from '../config/build-settings.ts'
import { releaseSettings } from '../config/release-settings.ts'
import type { Config } from '../config/schema.ts'
import type { Emit } from '../events/event.ts'
import { makePrivateFolder } from '../engine/private-folder.ts'
import { buildRelease } from './build-release.ts'
import { withoutSecrets } from './child-environment.ts'
import type { ReleaseArchives } from './pack-release.ts'

export interface BuildFromConfigOptions {
  readonly config: Config
  /** The folder of the config file: the app's source is found from here. */
  readonly folder: string
  /** `.trimaran` beside it, where releases are kept. */
  readonly stateFolder: string
  /** A git revision to release instead of the folder's files. */
  readonly revision?: string
  /** The values of `app.secrets`; the build gets those that the config gives it. */
  readonly readAppSecrets: () => Promise<Readonly<Record<string, string>>>
  readonly emit: Emit
  readonly signal?: AbortSignal
}

/** Builds and packs a release as the config says, and emits events. */
export async function buildFromConfig(name: string, options: BuildFromConfigOptions): Promise<ReleaseArchives> {
  const { config, emit, signal, revision } = options
  const { section, source, build, include, cache } = buildSettings(config)
  const hasApp = section === 'app'
  const stage = { type: 'stage', name: `building release ${name}` } as const
  emit({ ...stage, ...(build !== undefined && { detail: build }) })
  await makePrivateFolder(options.stateFolder)
  const { archives } = await buildRelease({
    name,
    folder: options.folder,
    section,
    source,
    ...(hasApp && { start: config.app.start, writable: config.app.writable }),
    root: config.web.root,
    settings: releaseSettings(config),
    into: join(options.stateFolder, 'releases'),
    include,
    env: await buildSecrets(options),
    onLine: (line) => emit({ ...stage, detail: line }),
    onNote: (text, level) => emit({ type: 'note', level, text }),
    cache: { paths: cache, folder: join(options.stateFolder, 'cache') },
    ...(hasApp && !config.app.devDependencies && { commands: commandsOf(config) }),
    ...(revision !== undefined && { revision }),
    ...(build !== undefined && { build }),
    ...(config.app.runtime !== undefined && { runtime: config.app.runtime }),
    ...(signal && { signal }),
  })
  return archives
}

/** The commands of a release that servers run. */
const commandsOf = ({ app: { start, release, processes } }: Config): readonly string[] => [
  start,
  ...(release === undefined ? [] : [release]),
  ...Object.values(processes).map((process) => process.start),
]

/** The operator's environment. Of the app's secrets it has only those that the config gives to the build. */
async function buildSecrets({ config, readAppSecrets }: BuildFromConfigOptions): Promise<NodeJS.ProcessEnv> {
  const given = config.app.secrets.filter(({ build }) => build === true)
  const values = given.length === 0 ? {} : await readAppSecrets()
  return {
    ...withoutSecrets(process.env, config),
    ...Object.fromEntries(given.map(({ name }) => [name, values[name]])),
  }
}

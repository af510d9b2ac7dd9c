import { lstat, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { failure } from '../errors/failure.ts'
import { findStart } from './check-start.ts'
import { copySource } from './copy-source.ts'
import { removeDevDependencies } from './dev-dependencies.ts'
import { exportRevision } from './export-revision.ts'
import { refuseLeavingLinks } from './leaving-links.ts'
import { formatLeftOut, type LeftOut } from './left-out.ts'
import { packRelease, type ReleaseArchives } from './pack-release.ts'
import { removePrivate } from './private-files.ts'
import { pruneReleases } from './prune-releases.ts'
import { findPublicFolder } from './public-files.ts'
import type { ReleaseDigests } from '../stack/release-digests.ts'
import { makeWritableFolders } from './writable-folders.ts'
import { runBuild, type RunBuildOptions } from './run-build.ts'

export interface BuildOptions extends RunBuildOptions {
  /** The folder of the config file. */
  readonly folder: string
  /** `source` of that section, seen from there. */
  readonly source: string
  /** A git revision to release instead of the folder's files. */
  readonly revision?: string
  readonly build?: string
  /** The command that starts the app; absent for a site of files alone, of which nothing but the static files is shipped. */
  readonly start?: string
  /** Folders of the release in which the app may write, seen from the source. */
  readonly writable?: readonly string[]
  /** `web.root`, seen from the source. */
  readonly root: string
  /** The folder of releases; each release has its own folder in it. */
  readonly into: string
  /** Digests of the settings that it is built for, to be told with it. */
  readonly settings?: ReleaseDigests['settings']
  /** Paths in it that are shipped although they look like secrets. */
  readonly include?: readonly string[]
  /** The commands that servers run. Packages that they need stay in the release. Absent where all devDependencies stay. */
  readonly commands?: readonly string[]
}

export interface BuiltRelease {
  readonly name: string
  readonly archives: ReleaseArchives
}

/**
 * Builds a release in a clean copy of the source, and packs its archives: all files for the app servers, where there is an app, and
 * the static files for the web servers. In the user's folder, only the folder `into` changes; it keeps the last five releases.
 *
 * Throws TRI-RELEASE-001 when the build fails, -002 when something that the config names is missing, -003 when its
 * Node.js cannot be had, -005 when it cannot be packed.
 */
export async function buildRelease(options: BuildOptions): Promise<BuiltRelease> {
  const { name, into, root, start, signal, include = [], onNote = () => undefined } = options
  const source = await findSource(options)
  const work = await mkdtemp(join(tmpdir(), 'trimaran-release-'))
  const tree = join(work, 'release')
  try {
    const leftOut = await takeSource(
      source,
      { work, tree, include, onNote, section: options.section ?? 'app' },
      options.revision,
    )
    if (options.build !== undefined) await runBuild(options.build, tree, options)
    if (options.commands !== undefined) await leaveOutDev(tree, options.commands, onNote)
    for (const note of formatLeftOut([...leftOut, ...(await removePrivate(tree, include))])) onNote(note, 'warning')
    await requireIncluded(tree, options)
    await makeWritableFolders(tree, options.writable ?? [])
    if (start !== undefined) await requireApp(start, tree, source)
    const hasRoot = await findRoot({ ...options, tree, onNote })
    const { writable = [], settings } = options
    const parts = { hasApp: start !== undefined, writable, ...(hasRoot && { root }), ...(settings && { settings }) }
    const archives = await packRelease({ name, tree, ...parts, into, ...(signal && { signal }) })
    await pruneReleases(into, name)
    return { name, archives }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** What servers run is there, and means there what it means here. */
async function requireApp(start: string, tree: string, source: string): Promise<void> {
  await findStart({ start, tree, source })
  await refuseLeavingLinks(tree)
}

async function requireIncluded(tree: string, { include = [], section = 'app' }: BuildOptions): Promise<void> {
  for (const path of include) {
    const isThere = await lstat(join(tree, path)).catch(() => undefined)
    if (isThere !== undefined) continue
    throw failure('TRI-RELEASE-002', {
      what: `The release has no ${path}`,
      where: `${section}.include`,
      next: `paths are seen from ${section}.source; a file that the build makes must be made by ${section}.build`,
    })
  }
}

async function findSource({ folder, source, section = 'app' }: BuildOptions): Promise<string> {
  const path = resolve(folder, source)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return path
  throw failure('TRI-RELEASE-002', {
    what: `There is no folder ${source} to release`,
    where: `${section}.source`,
    next: `name the folder that holds ${section === 'app' ? 'the app' : 'the site'}, as seen from the config file`,
  })
}

interface Taking {
  readonly work: string
  readonly tree: string
  readonly include: readonly string[]
  readonly onNote: NonNullable<BuildOptions['onNote']>
  readonly section: NonNullable<BuildOptions['section']>
}

/** Copies the source into the tree, from the folder or from a git revision. Returns the files that were not copied. */
async function takeSource(
  source: string,
  { work, tree, include, onNote, section }: Taking,
  revision?: string,
): Promise<readonly LeftOut[]> {
  if (revision !== undefined) {
    await exportRevision({ source, revision, work, section }, tree)
    return []
  }
  const { leftOut, isIgnored } = await copySource(source, tree, { include })
  if (isIgnored)
    onNote(`git ignores all of ${section}.source: it is released as it is, but for node_modules and secrets`, 'warning')
  return leftOut
}

async function leaveOutDev(tree: string, commands: readonly string[], onNote: Taking['onNote']): Promise<void> {
  const { packages } = await removeDevDependencies(tree, commands)
  if (packages === 0) return
  const what = packages === 1 ? 'one package' : `${packages} packages`
  onNote(`not shipped: ${what} of devDependencies (app.devDependencies keeps them)`, 'info')
}

const usualRoot = 'public'

/** Whether there are static files. A folder that the config names must exist; the default folder may be missing. */
async function findRoot(
  seen: Pick<Taking, 'tree' | 'onNote'> & Pick<BuildOptions, 'root' | 'start' | 'section'>,
): Promise<boolean> {
  const { root, tree, onNote, start, section = 'app' } = seen
  if ((await findPublicFolder(tree, root)) !== undefined) return true
  const path = join(tree, root)
  const isFile = await lstat(path).then(
    () => true,
    () => false,
  )
  if (start !== undefined && root === usualRoot && !isFile) {
    onNote(`the release has no folder ${root}: every request goes to the app`, 'info')
    await mkdir(path)
    return false
  }
  throw failure('TRI-RELEASE-002', {
    what: `The release has no folder ${root} of static files`,
    where: 'web.root',
    next: `name a folder as seen from ${section}.source; one that the build makes must be made by ${section}.build`,
  })
}

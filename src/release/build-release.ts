import { lstat, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { failure } from '../errors/failure.ts'
import { findStart } from './check-start.ts'
import { copySource } from './copy-source.ts'
import { exportRevision } from './export-revision.ts'
import { nodeFolderHere } from './fetch-node-runtime.ts'
import { refuseLeavingLinks } from './leaving-links.ts'
import { formatLeftOut, type LeftOut } from './left-out.ts'
import { packRelease, type ReleaseArchives } from './pack-release.ts'
import { removePrivate } from './private-files.ts'
import { pruneReleases } from './prune-releases.ts'
import { findPublicFolder } from './public-files.ts'
import { runProgram } from './run-program.ts'

export interface BuildOptions {
  /** As `nameRelease` gives it. */
  readonly name: string
  /** The folder of the config file. */
  readonly folder: string
  /** `app.source`, seen from there. */
  readonly source: string
  /** A revision of git instead of what stands in the folder. */
  readonly revision?: string
  readonly build?: string
  readonly start: string
  /** `web.root`, seen from the source. */
  readonly root: string
  readonly runtime?: Config['app']['runtime']
  /** The folder that keeps releases; this one gets a folder of its own in it. */
  readonly into: string
  /** Paths in it that are shipped although they look like secrets. */
  readonly include?: readonly string[]
  /** What the build finds in its environment: the operator's, unless stated. */
  readonly env?: NodeJS.ProcessEnv
  /** Each line of the build. */
  readonly onLine?: (line: string) => void
  /** What else is worth a line; what is not shipped is a `warning`. */
  readonly onNote?: (note: string, level: 'info' | 'warning') => void
  readonly signal?: AbortSignal
}

export interface BuiltRelease {
  readonly name: string
  readonly archives: ReleaseArchives
}

/**
 * Builds a release in a clean copy of the source, and packs it: the whole of it for the app servers, its static files
 * for the web servers. Nothing of the user's folder is changed but the folder `into`, which keeps the last five.
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
    const leftOut = await takeSource(source, { work, tree, include, onNote }, options.revision)
    if (options.build !== undefined) await runBuild(options.build, tree, options)
    for (const note of formatLeftOut([...leftOut, ...(await removePrivate(tree, include))])) onNote(note, 'warning')
    await requireIncluded(tree, include)
    await findStart({ start, tree, source })
    await refuseLeavingLinks(tree)
    const hasRoot = await findRoot({ root, tree, onNote })
    const archives = await packRelease({ name, tree, into, ...(hasRoot && { root }), ...(signal && { signal }) })
    await pruneReleases(into, name)
    return { name, archives }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function requireIncluded(tree: string, include: readonly string[]): Promise<void> {
  for (const path of include) {
    const isThere = await lstat(join(tree, path)).catch(() => undefined)
    if (isThere !== undefined) continue
    throw failure('TRI-RELEASE-002', {
      what: `The release has no ${path}`,
      where: 'app.include',
      next: 'paths are seen from app.source; a file that the build makes must be made by app.build',
    })
  }
}

async function findSource({ folder, source }: BuildOptions): Promise<string> {
  const path = resolve(folder, source)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return path
  throw failure('TRI-RELEASE-002', {
    what: `There is no folder ${source} to release`,
    where: 'app.source',
    next: 'name the folder that holds the app, as seen from the config file',
  })
}

interface Taking {
  readonly work: string
  readonly tree: string
  readonly include: readonly string[]
  readonly onNote: NonNullable<BuildOptions['onNote']>
}

/** Copies what there is to release into the tree, from the folder or from a revision of git. Returns what stayed there. */
async function takeSource(
  source: string,
  { work, tree, include, onNote }: Taking,
  revision?: string,
): Promise<readonly LeftOut[]> {
  if (revision !== undefined) {
    await exportRevision({ source, revision, work }, tree)
    return []
  }
  const { leftOut, isIgnored } = await copySource(source, tree, { include })
  if (isIgnored)
    onNote('git ignores all of app.source: it is released as it is, but for node_modules and secrets', 'warning')
  return leftOut
}

/** Runs the user's command as a CI server would: in the copy, with the Node of the config, and all its output told. */
async function runBuild(build: string, tree: string, options: BuildOptions): Promise<void> {
  const { name, onLine, signal } = options
  const env = await buildEnvironment(name, tree, options)
  const { code, lastLines } = await runProgram('/bin/sh', ['-c', build], {
    cwd: tree,
    env,
    ...(onLine && { onLine }),
    ...(signal && { signal }),
  })
  if (code === 0) return
  throw failure('TRI-RELEASE-001', {
    what: `The build of release ${name} failed: \`${build}\` ended with ${code}`,
    where: 'app.build',
    why: lastLines.join('\n'),
    state: 'no server was touched',
    next: 'it ran in a clean copy of the source (without node_modules and what git ignores): try it in a fresh clone',
  })
}

/** The environment that it is given, without the stack key, and without NODE_ENV: a build needs devDependencies. */
async function buildEnvironment(
  name: string,
  tree: string,
  { runtime, env = process.env }: BuildOptions,
): Promise<NodeJS.ProcessEnv> {
  const { NODE_ENV: _mode, TRIMARAN_KEY: _key, ...own } = env
  const cache = process.env['TRIMARAN_CACHE'] ?? join(homedir(), '.cache', 'trimaran')
  const node =
    runtime !== undefined && 'node' in runtime ? [join(await nodeFolderHere(runtime.node, cache), 'bin')] : []
  const path = [...node, join(tree, 'node_modules', '.bin'), own['PATH'] ?? '/usr/bin:/bin'].join(':')
  return { ...own, PATH: path, CI: 'true', TRIMARAN_RELEASE: name }
}

const usualRoot = 'public'

/** Whether there are static files. A config that does not name a folder may have none; one that does must. */
async function findRoot(seen: Pick<Taking, 'tree' | 'onNote'> & { readonly root: string }): Promise<boolean> {
  const { root, tree, onNote } = seen
  if ((await findPublicFolder(tree, root)) !== undefined) return true
  const path = join(tree, root)
  const isFile = await lstat(path).then(
    () => true,
    () => false,
  )
  if (root === usualRoot && !isFile) {
    onNote(`the release has no folder ${root}: every request goes to the app`, 'info')
    await mkdir(path)
    return false
  }
  throw failure('TRI-RELEASE-002', {
    what: `The release has no folder ${root} of static files`,
    where: 'web.root',
    next: 'name a folder as seen from app.source; one that the build makes must be made by app.build',
  })
}

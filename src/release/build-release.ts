import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { failure } from '../errors/failure.ts'
import { findStart } from './check-start.ts'
import { copySource } from './copy-source.ts'
import { nodeFolderHere } from './fetch-node-runtime.ts'
import { refuseLeavingLinks } from './leaving-links.ts'
import { packRelease, type ReleaseArchives } from './pack-release.ts'
import { pruneReleases } from './prune-releases.ts'
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
  /** Each line of the build, and what else is worth a line. */
  readonly onLine?: (line: string) => void
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
  const { name, into, root, start, signal, onLine = () => undefined } = options
  const source = await findSource(options)
  const work = await mkdtemp(join(tmpdir(), 'trimaran-release-'))
  const tree = join(work, 'release')
  try {
    const { leftOut } = await copySource(await checkOut(source, work, options), tree)
    if (leftOut.length > 0) onLine(`left out: ${nameSome(leftOut)} (what the app needs of it belongs into app.env)`)
    if (options.build !== undefined) await runBuild(options.build, tree, options)
    await findStart({ start, tree, source })
    await refuseLeavingLinks(tree)
    const hasRoot = await findRoot({ root, tree, onLine })
    const archives = await packRelease({ name, tree, into, ...(hasRoot && { root }), ...(signal && { signal }) })
    await pruneReleases(into, name)
    return { name, archives }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const namedAtMost = 5

const nameSome = (paths: readonly string[]): string =>
  [...paths.slice(0, namedAtMost), ...(paths.length > namedAtMost ? [`${paths.length - namedAtMost} more`] : [])].join(
    ', ',
  )

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

/** The source as a revision has it, in a folder of its own; the source itself where none is named. */
async function checkOut(source: string, work: string, { revision }: BuildOptions): Promise<string> {
  if (revision === undefined) return source
  const folder = join(work, 'revision')
  await mkdir(folder)
  const { code, lastLines } = await runProgram(
    '/bin/bash',
    ['-c', 'set -o pipefail; git archive "$1" . | tar -x -C "$2"', 'bash', revision, folder],
    { cwd: source },
  )
  if (code === 0) return folder
  throw failure('TRI-RELEASE-006', {
    what: `Revision ${revision} could not be taken out of git`,
    why: lastLines.join('\n'),
  })
}

/** Runs the user's command as a CI server would: in the copy, with the Node of the config, and all its output told. */
async function runBuild(build: string, tree: string, options: BuildOptions): Promise<void> {
  const { name, onLine, signal } = options
  const env = await buildEnvironment(name, tree, options.runtime)
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

/** The operator's own environment, without the stack key, and without NODE_ENV: a build needs devDependencies. */
async function buildEnvironment(
  name: string,
  tree: string,
  runtime: BuildOptions['runtime'],
): Promise<NodeJS.ProcessEnv> {
  const { NODE_ENV: _mode, TRIMARAN_KEY: _key, ...own } = process.env
  const cache = process.env['TRIMARAN_CACHE'] ?? join(homedir(), '.cache', 'trimaran')
  const node =
    runtime !== undefined && 'node' in runtime ? [join(await nodeFolderHere(runtime.node, cache), 'bin')] : []
  const path = [...node, join(tree, 'node_modules', '.bin'), own['PATH'] ?? '/usr/bin:/bin'].join(':')
  return { ...own, PATH: path, CI: 'true', TRIMARAN_RELEASE: name }
}

const usualRoot = 'public'

/** Whether there are static files. A config that does not name a folder may have none; one that does must. */
async function findRoot(seen: { root: string; tree: string; onLine: (line: string) => void }): Promise<boolean> {
  const { root, tree, onLine } = seen
  const path = join(tree, root)
  if (resolve(path) === resolve(tree)) {
    throw failure('TRI-RELEASE-002', {
      what: 'The whole release would be public, with its code',
      where: 'web.root',
      next: 'name the folder in it that holds the static files',
    })
  }
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return true
  if (root === usualRoot && found === undefined) {
    onLine(`the release has no folder ${root}: every request goes to the app`)
    await mkdir(path)
    return false
  }
  throw failure('TRI-RELEASE-002', {
    what: `The release has no folder ${root} of static files`,
    where: 'web.root',
    next: 'name a folder as seen from app.source; one that the build makes must be made by app.build',
  })
}

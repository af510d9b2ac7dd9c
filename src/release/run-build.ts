import { homedir } from 'node:os'
import { join } from 'node:path'
import type { BuildSettings } from '../config/build-settings.ts'
import type { Config } from '../config/schema.ts'
import { failure } from '../errors/failure.ts'
import { modules, openBuildCache } from './build-cache.ts'
import { nodeHere } from './fetch-node-runtime.ts'
import { runProgram } from './run-program.ts'
import { splitInstall } from './split-install.ts'

export interface RunBuildOptions {
  /** The release's name, from `nameRelease`. */
  readonly name: string
  /** The section of the config that says how it is built. */
  readonly section?: BuildSettings['section']
  readonly runtime?: Config['app']['runtime']
  /** The build's environment; the operator's, unless stated. */
  readonly env?: NodeJS.ProcessEnv
  /** The folders that are kept between builds, and where. Absent where none are kept. */
  readonly cache?: { readonly paths: readonly string[]; readonly folder: string }
  /** Called with each line of the build. */
  readonly onLine?: (line: string) => void
  /** Called with other notes; files that are not shipped are a `warning`. */
  readonly onNote?: (note: string, level: 'info' | 'warning') => void
  readonly signal?: AbortSignal
}

/**
 * Builds in the tree. The install is skipped where packages are kept from a build with the same lock file. Caches of frameworks are
 * restored before the rest of the build, and moved out of the release after it.
 */
export async function runBuild(command: string, tree: string, options: RunBuildOptions): Promise<void> {
  const { name, cache, onNote = () => undefined } = options
  const env = await buildEnvironment(name, tree, options)
  if (cache === undefined) return await runCommand(command, tree, env, options)
  const split = cache.paths.includes(modules) ? splitInstall(command) : undefined
  const kept = await openBuildCache({ ...cache, tree, build: command, install: split?.install, env })
  try {
    if (split !== undefined) {
      const { isRestored, why } = await kept.restoreModules()
      if (isRestored) onNote('node_modules is as in the last build: package-lock.json is the same', 'info')
      if (why !== undefined) onNote(`node_modules is installed again in each build: ${why}`, 'info')
      if (!isRestored) {
        await runCommand(split.install, tree, env, options)
        await kept.saveModules()
      }
    }
    await kept.restoreFolders()
    const rest = split?.rest ?? command
    if (rest !== '') await runCommand(rest, tree, env, options)
  } catch (error) {
    await kept.forget()
    throw error
  }
  const taken = await kept.takeFolders()
  if (taken.length > 0) onNote(`not shipped, but kept for the next build: ${taken.join(', ')}`, 'info')
}

/** Runs a user's command as a CI server would: in the copy, with the config's Node. Each line of its output is passed on. */
async function runCommand(
  command: string,
  tree: string,
  env: NodeJS.ProcessEnv,
  options: RunBuildOptions,
): Promise<void> {
  const { name, section = 'app', onLine, signal } = options
  const { code, lastLines } = await runProgram('/bin/sh', ['-c', command], {
    cwd: tree,
    env,
    ...(onLine && { onLine }),
    ...(signal && { signal }),
  })
  if (code === 0) return
  throw failure('TRI-RELEASE-001', {
    what: `The build of release ${name} failed: \`${command}\` ended with ${code}`,
    where: `${section}.build`,
    why: lastLines.join('\n'),
    state: 'no server was touched',
    next: 'it ran in a clean copy of the source (without node_modules and what git ignores): try it in a fresh clone',
  })
}

/** The given environment without the stack key, and without NODE_ENV, since a build needs devDependencies. */
async function buildEnvironment(
  name: string,
  tree: string,
  { runtime, env = process.env }: RunBuildOptions,
): Promise<NodeJS.ProcessEnv> {
  const { NODE_ENV: _mode, TRIMARAN_KEY: _key, ...own } = env
  const cache = process.env['TRIMARAN_CACHE'] ?? join(homedir(), '.cache', 'trimaran')
  const node = runtime?.node === undefined ? undefined : await nodeHere(runtime.node, cache)
  const path = [
    ...(node === undefined ? [] : [join(node.folder, 'bin')]),
    join(tree, 'node_modules', '.bin'),
    own['PATH'] ?? '/usr/bin:/bin',
  ].join(':')
  // Native modules are compiled for the Node of the servers, without a way to nodejs.org.
  const forCompilers = node && { npm_package_config_node_gyp_nodedir: node.headers }
  return { ...own, ...forCompilers, PATH: path, CI: 'true', TRIMARAN_RELEASE: name }
}

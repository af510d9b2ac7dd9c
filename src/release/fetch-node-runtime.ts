import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { packTree } from './pack-release.ts'
import { runProgram } from './run-program.ts'

export interface RuntimeOptions {
  /** The major version: `24`. */
  readonly major: string
  /** Debian's name: `amd64`, `arm64`. */
  readonly architecture: string
  /** What is fetched is kept in `runtimes` in it. */
  readonly cache: string
}

/**
 * Gives the path of an archive with Node.js for a server: `bin/node`, and `npm` and `npx` beside it. It comes from the
 * npm registry's own packages, by the operator's npm and its configuration, which checks their integrity.
 *
 * Throws TRI-RELEASE-003.
 */
export async function fetchNodeRuntime({ major, architecture, cache }: RuntimeOptions): Promise<string> {
  const folder = await provideFolder(major, `linux-${nodeArchitecture(architecture)}`, cache)
  const archive = `${folder}.tar.gz`
  if (!(await isThere(archive))) await packTree({ folder, archive, seconds: 0 })
  return archive
}

/** Gives a folder with the same for this computer, for builds. Throws TRI-RELEASE-003. */
export async function nodeFolderHere(major: string, cache: string): Promise<string> {
  return await provideFolder(major, `${process.platform}-${process.arch}`, cache)
}

const architectures: Readonly<Record<string, string>> = {
  amd64: 'x64',
  arm64: 'arm64',
  x86_64: 'x64',
  aarch64: 'arm64',
}

function nodeArchitecture(architecture: string): string {
  const known = architectures[architecture]
  if (known !== undefined) return known
  throw failure('TRI-RELEASE-003', {
    what: `There is no ready-made Node.js for servers of the kind ${architecture}`,
    next: "use Debian's: app.runtime: { packages: ['nodejs'] }",
  })
}

async function provideFolder(major: string, platform: string, cache: string): Promise<string> {
  const runtimes = join(cache, 'runtimes')
  const folder = join(runtimes, `node-${major}-${platform}`)
  if (await isThere(join(folder, 'bin/node'))) return folder
  await mkdir(runtimes, { recursive: true })
  const work = await mkdtemp(join(runtimes, '.fetching-'))
  try {
    const tree = join(work, 'tree')
    await unpackPackage(`node-${platform}@${major}`, tree, work, ['package/bin', 'package/LICENSE'])
    await unpackPackage(`npm@${npmFor(Number(major))}`, join(tree, 'lib/node_modules/npm'), work)
    await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(tree, 'bin/npm'))
    await symlink('../lib/node_modules/npm/bin/npx-cli.js', join(tree, 'bin/npx'))
    await settle(tree, folder)
    return folder
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The newest npm that a major version of Node runs. */
const npmFor = (major: number): number => (major >= 22 ? 11 : 10)

async function unpackPackage(spec: string, into: string, work: string, only: readonly string[] = []): Promise<void> {
  const arrivals = await mkdtemp(join(work, 'package-'))
  const packed = await runProgram('npm', ['pack', spec, '--pack-destination', arrivals, '--silent', '--ignore-scripts'])
  const [archive] = await readdir(arrivals)
  if (packed.code !== 0 || archive === undefined) throw notFetched(spec, packed)
  await mkdir(into, { recursive: true })
  const words = ['-xzf', join(arrivals, archive), '-C', into, '--strip-components=1', '--no-same-owner', ...only]
  const unpacked = await runProgram('tar', words)
  if (unpacked.code !== 0) throw notFetched(spec, unpacked)
}

function notFetched(
  spec: string,
  { code, lastLines }: { readonly code: number; readonly lastLines: readonly string[] },
): Error {
  return failure('TRI-RELEASE-003', {
    what: `The package ${spec} could not be had from the npm registry`,
    why: lastLines.filter((line) => line.trim() !== '').join('\n') || `npm ended with ${code}`,
    next: code === 127 ? 'install npm on this computer' : `see that \`npm view ${spec} version\` works here`,
  })
}

/** Puts the finished folder in its place; where another run was quicker, its folder is as good. */
async function settle(tree: string, folder: string): Promise<void> {
  await rename(tree, folder).catch(async (error: unknown) => {
    if (!(await isThere(join(folder, 'bin/node')))) throw error
  })
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

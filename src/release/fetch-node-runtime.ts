import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { majorOf, nodeReleaseFor, npmReleases } from '../config/values/node-releases.ts'
import { failure } from '../errors/failure.ts'
import { packTree } from './pack-release.ts'
import { runProgram } from './run-program.ts'

export interface RuntimeOptions {
  /** An exact version that is known: `24.22.3`. */
  readonly version: string
  /** Debian's name: `amd64`, `arm64`. */
  readonly architecture: string
  /** Downloads are kept in its folder `runtimes`. */
  readonly cache: string
}

/**
 * Returns the path of an archive with Node.js for a server: `bin/node`, `npm` and `npx`. The operator's npm, with its
 * configuration, downloads it from the npm registry. The program's hash is known in advance and checked.
 *
 * Throws TRI-RELEASE-003.
 */
export async function fetchNodeRuntime({ version, architecture, cache }: RuntimeOptions): Promise<string> {
  const { folder } = await provideNode(version, `linux-${nodeArchitecture(architecture)}`, cache)
  const archive = `${folder}.tar.gz`
  if (!(await isThere(archive))) await packTree({ folder, archive, seconds: 0 })
  await verify(`linux-${nodeArchitecture(architecture)}`, version, archive, await hashInArchive(archive))
  return archive
}

/** The same programs for this computer, for builds, and Node's headers, for modules that are compiled. Throws TRI-RELEASE-003. */
export async function nodeHere(wish: string, cache: string): Promise<NodeFolders> {
  return await provideNode(nodeReleaseFor(wish)?.version ?? wish, `${process.platform}-${process.arch}`, cache)
}

export interface NodeFolders {
  /** With `bin/node`, `bin/npm` and `bin/npx`. */
  readonly folder: string
  /** With `include/node`. Servers do not get it. */
  readonly headers: string
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

async function provideNode(version: string, platform: string, cache: string): Promise<NodeFolders> {
  const runtimes = join(cache, 'runtimes')
  const folder = join(runtimes, `node-${version}-${platform}`)
  const headers = `${folder}-headers`
  const program = join(folder, 'bin/node')
  if ((await isThere(program)) && (await isThere(headers))) {
    await verify(platform, version, folder, await hashOf(program))
    return { folder, headers }
  }
  await mkdir(runtimes, { recursive: true })
  const work = await mkdtemp(join(runtimes, '.fetching-'))
  try {
    const [tree, include] = [join(work, 'tree'), join(work, 'headers')]
    const archive = await download(`node-${platform}@${version}`, work)
    await unpack(archive, tree, ['package/bin', 'package/LICENSE'])
    await unpack(archive, include, ['package/include'])
    const fetched = `the package node-${platform}@${version}`
    await verify(platform, version, fetched, await hashOf(join(tree, 'bin/node')))
    await bringNpm(Number(majorOf(version)), tree, work)
    await settle(include, headers)
    await settle(tree, folder)
    return { folder, headers }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function bringNpm(major: number, tree: string, work: string): Promise<void> {
  const npm = npmReleases.find(({ from }) => major >= from)!
  const spec = `npm@${npm.version}`
  const archive = await download(spec, work)
  if ((await hashOf(archive)) !== npm.sha256) throw notItself(`the package ${spec}`, spec)
  await unpack(archive, join(tree, 'lib/node_modules/npm'))
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(tree, 'bin/npm'))
  await symlink('../lib/node_modules/npm/bin/npx-cli.js', join(tree, 'bin/npx'))
}

/** The program's hash is known only for platforms of servers. For builds on other platforms, only npm checks it. */
async function verify(platform: string, version: string, found: string, hash: string): Promise<void> {
  const hashes: Readonly<Record<string, string>> = nodeReleaseFor(version)?.sha256 ?? {}
  const due = hashes[platform]
  if (due !== undefined && due !== hash) throw notItself(found, `Node.js ${version}`)
}

const notItself = (found: string, name: string): Error =>
  failure('TRI-RELEASE-003', {
    what: `${found} is not ${name}: its SHA-256 differs`,
    why: 'servers must run exactly the published program',
    state: 'no server was touched',
    next: found.startsWith('/')
      ? `\`rm -rf ${found}\`, and it is fetched again`
      : 'see whether your registry or proxy changes packages',
  })

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** The hash of the bytes that a server will unpack. */
async function hashInArchive(archive: string): Promise<string> {
  const tar = spawn('tar', ['-xzOf', archive, '--wildcards', '*bin/node'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const hash = createHash('sha256')
  await pipeline(tar.stdout, hash)
  return hash.digest('hex')
}

async function download(spec: string, work: string): Promise<string> {
  const arrivals = await mkdtemp(join(work, 'package-'))
  const packed = await runProgram('npm', ['pack', spec, '--pack-destination', arrivals, '--silent', '--ignore-scripts'])
  const [archive] = await readdir(arrivals)
  if (packed.code !== 0 || archive === undefined) throw notFetched(spec, packed)
  return join(arrivals, archive)
}

async function unpack(archive: string, into: string, only: readonly string[] = []): Promise<void> {
  await mkdir(into, { recursive: true })
  const words = ['-xzf', archive, '-C', into, '--strip-components=1', '--no-same-owner', ...only]
  const unpacked = await runProgram('tar', words)
  if (unpacked.code !== 0) throw notFetched(basename(archive), unpacked)
}

function notFetched(
  spec: string,
  { code, lastLines }: { readonly code: number; readonly lastLines: readonly string[] },
): Error {
  return failure('TRI-RELEASE-003', {
    what: `The package ${spec} could not be downloaded from the npm registry`,
    why: lastLines.filter((line) => line.trim() !== '').join('\n') || `npm ended with ${code}`,
    next: code === 127 ? 'install npm on this computer' : `see that \`npm view ${spec} version\` works here`,
  })
}

/** Moves the finished folder to its place. If it is there already, since another run was quicker, that is used. */
async function settle(tree: string, folder: string): Promise<void> {
  await rename(tree, folder).catch(async (error: unknown) => {
    if (!(await isThere(folder))) throw error
  })
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

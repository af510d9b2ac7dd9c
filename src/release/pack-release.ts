import { type BytePath } from './byte-path.ts'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { writeDigests } from './digests.ts'
import { secondsOf } from './name-release.ts'
import { listPublicFiles } from './public-files.ts'
import { runProgram } from './run-program.ts'
import type { ReleaseDigests } from '../stack/release-digests.ts'

/** Paths of the archives: the whole release for app servers, where there is an app, and the static files for web servers. */
export interface ReleaseArchives {
  readonly app?: string
  readonly static: string
}

interface PackOptions {
  readonly name: string
  /** The built release. */
  readonly tree: string
  /** Whether app servers get all of it. */
  readonly hasApp: boolean
  /** Folders in it whose files are not of the release, and so never public. */
  readonly writable?: readonly string[]
  /** The folder of static files in it; absent where there is none. */
  readonly root?: string
  readonly into: string
  /** Digests of the settings that it was built for. */
  readonly settings?: ReleaseDigests['settings']
  readonly signal?: AbortSignal
}

/** Packs a release into `into/NAME`. The same tree and name give the same bytes. */
export async function packRelease(options: PackOptions): Promise<ReleaseArchives> {
  const { name, tree, hasApp, writable = [], root, into, settings, signal } = options
  const folder = join(into, name)
  const archives = { ...(hasApp && { app: join(folder, 'app.tar.gz') }), static: join(folder, 'static.tar.gz') }
  const more = { seconds: secondsOf(name), ...(signal && { signal }) }
  const staticFiles =
    root === undefined
      ? []
      : await listPublicFiles(
          join(tree, root),
          writable.map((folder) => join(tree, folder)),
        )
  await mkdir(folder, { recursive: true })
  try {
    if (archives.app !== undefined) await packTree({ folder: tree, archive: archives.app, ...more })
    const folderOfFiles = root === undefined ? tree : join(tree, root)
    await packTree({ folder: folderOfFiles, archive: archives.static, only: staticFiles, ...more })
    await writeDigests(folder, archives, { seconds: secondsOf(name), ...(settings && { settings }) })
    return archives
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

interface TarOptions {
  readonly folder: string
  readonly archive: string
  /** The time of all entries. nginx makes ETags from it, which must be the same on every web server. */
  readonly seconds: number
  /** Only these files; links among them are replaced by what they point to. */
  readonly only?: readonly BytePath[]
  readonly signal?: AbortSignal
}

/**
 * Options with which GNU tar makes the same bytes from the same folder, here and on servers. The order of files, their owners,
 * and hard links make no difference.
 */
export const tarWords = (seconds: number): readonly string[] => [
  '--format=gnu',
  '--sort=name',
  `--mtime=@${seconds}`,
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--mode=u+rwX,go+rX,go-w,ug-s,o-t',
  '--hard-dereference',
]

/** Only the files that standard input names, in that order; links among them are replaced by what they point to. */
export const listed = ['--dereference', '--no-recursion', '--null', '--files-from=-'] as const

/** Packs a folder. The order of its files, their owners and this computer's umask make no difference. */
export async function packTree({ folder, archive, seconds, only, signal }: TarOptions): Promise<void> {
  const partial = `${archive}.${process.pid}.partial`
  const words = ['--directory', folder, ...tarWords(seconds), ...(only === undefined ? ['.'] : listed)]
  const compress = '--use-compress-program=gzip -1 -n'
  const { code, lastLines } = await runProgram(tar, ['--create', compress, '--file', partial, ...words], {
    ...(only && { input: Buffer.from(only.map((path) => `./${path}\0`).join(''), 'latin1') }),
    ...(signal && { signal }),
  })
  if (code !== 0) {
    await rm(partial, { force: true })
    throw failure('TRI-RELEASE-005', {
      what: 'The release could not be packed',
      why: lastLines.join('\n'),
      next: code === 127 ? `install GNU tar (${tar}) and gzip` : 'see what tar says',
    })
  }
  await rename(partial, archive)
}

/** GNU tar; on macOS, where the system's tar is another program, it is called `gtar`. */
const tar = process.platform === 'darwin' ? 'gtar' : 'tar'

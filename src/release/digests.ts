import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { describeArchive } from './archive-contents.ts'
import { type ReleaseDigests, releaseDigestsSchema } from '../stack/release-digests.ts'

/** No release is as large: an archive that unpacks to more is refused. */
const mostBytesUnpacked = 32 * 1024 ** 3

/** The SHA-256 of the unpacked archive, so that the compression level makes no difference. */
export async function digestOf(archive: string): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  const count = new Writable({
    write(chunk: Uint8Array, _, done) {
      bytes += chunk.length
      hash.update(chunk)
      done(bytes > mostBytesUnpacked ? new Error('it unpacks to more than any release') : undefined)
    },
  })
  await pipeline(createReadStream(archive), createGunzip(), count)
  return hash.digest('hex')
}

/** The file beside archives that were built on this computer; fetched archives have none. */
const fileName = 'digests.json'

/** Stores the digests of a build, so that the stack state can name them for all who fetch the release later. */
export async function writeDigests(
  folder: string,
  archives: { readonly app?: string; readonly static: string },
  { seconds, settings }: { readonly seconds: number; readonly settings?: ReleaseDigests['settings'] },
): Promise<void> {
  const { contents } = await describeArchive(archives.app ?? archives.static, seconds)
  const digests = {
    ...(archives.app !== undefined && { app: await digestOf(archives.app) }),
    static: await digestOf(archives.static),
    ...(contents && { bytes: contents.bytes }),
    ...(settings && { settings }),
  }
  await writeFile(join(folder, fileName), `${JSON.stringify(digests)}\n`)
}

/** The digests of a release that was built on this computer. */
export async function readDigests(releases: string, name: string): Promise<ReleaseDigests | undefined> {
  const text = await readFile(join(releases, name, fileName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return releaseDigestsSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

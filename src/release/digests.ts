import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { describeArchive } from './archive-contents.ts'
import { type ReleaseDigests, releaseDigestsSchema } from '../stack/release-digests.ts'

/** No release is as large; an archive that unpacks to more is no release. */
const mostBytesUnpacked = 32 * 1024 ** 3

/** The SHA-256 of what is in a compressed archive: how well it was compressed makes no difference. */
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

/** Lies beside the archives of what was built on this computer, and of nothing else. */
const fileName = 'digests.json'

/** Remembers what was built here, so that the stack state can say it to all who fetch it later. */
export async function writeDigests(
  folder: string,
  archives: { readonly app: string; readonly static: string },
  seconds: number,
): Promise<void> {
  const { contents } = await describeArchive(archives.app, seconds)
  const digests = {
    app: await digestOf(archives.app),
    static: await digestOf(archives.static),
    ...(contents && { bytes: contents.bytes }),
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

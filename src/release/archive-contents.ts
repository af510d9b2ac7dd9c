import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip, createGzip, gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import type { Archive } from '../engine/gather-payloads.ts'
import { failure } from '../errors/failure.ts'
import { type BytePath, inBytes } from './byte-path.ts'
import { readTar } from './read-tar.ts'

interface Counts {
  readonly bytes: number
  readonly entries: number
}

const countsSchema: z.ZodType<Counts> = z.strictObject({ bytes: z.number(), entries: z.number() })

/** Files and folders take whole blocks of a disk. */
const onDisk = (size: number): number => Math.ceil(size / 4096) * 4096

/**
 * An archive and the list of its files, so that only the files that a server lacks are sent. The list is made once, and kept
 * beside the archive.
 * @param seconds the time that all its entries have.
 */
export async function describeArchive(path: string, seconds: number): Promise<Archive> {
  const list = `${path}.list.gz`
  const counts: Counts = (await readCounts(path)) ?? (await listArchive(path, list))
  const parts = new Map<string, Promise<string>>()
  return {
    path,
    contents: {
      ...counts,
      list,
      seconds,
      select: (missing) => {
        const key = JSON.stringify(missing)
        const part = parts.get(key) ?? selectFrom(path, list, missing, `${path}.${process.pid}.${parts.size}.part`)
        parts.set(key, part)
        return part
      },
      forget: async () => {
        const made = await Promise.allSettled(parts.values())
        parts.clear()
        for (const one of made) if (one.status === 'fulfilled') await rm(one.value, { force: true })
      },
    },
  }
}

const damaged = (path: string, error: unknown): Error =>
  failure(
    'TRI-RELEASE-005',
    {
      what: `${path} is not an archive of a release`,
      why: error instanceof Error ? error.message : String(error),
      next: 'remove its folder: the release is built again, or fetched from a server',
    },
    { cause: error },
  )

const countsFile = (path: string): string => `${path}.counts.json`

async function readCounts(path: string): Promise<Counts | undefined> {
  try {
    const [archive, list] = await Promise.all([stat(path), stat(`${path}.list.gz`)])
    if (list.mtimeMs < archive.mtimeMs) return undefined
    return countsSchema.parse(JSON.parse(await readFile(countsFile(path), 'utf8')))
  } catch {
    return undefined
  }
}

/**
 * Writes the list of what a server will have once the archive is unpacked there. It has the form of a server's own list of a
 * tree (`resources/tree-seal.ts`): root owns all entries, and folders that only hold listed files are listed, too.
 */
async function listArchive(path: string, list: string): Promise<Counts> {
  const records: BytePath[] = []
  const folders = new Map<BytePath, string>([['.', '755']])
  let bytes = 0
  const reading = readTar(unpacked(path), ({ path: name, is, mode, size, target }) => {
    bytes += onDisk(Math.max(1, size))
    const octal = mode.toString(8)
    if (is === 'folder') folders.set(name, octal)
    else records.push(`${name}//${is === 'file' ? `f ${octal}` : 'l 777'} 0:0 ${target}\0`)
    for (let above = folderOf(name); above !== '' && !folders.has(above); above = folderOf(above))
      folders.set(above, '755')
    if (is !== 'file') return undefined
    const hash = createHash('sha256')
    return {
      onContent: (piece) => void hash.update(piece),
      onEnd: () => void records.push(`${name}//${hash.digest('hex')}\0`),
    }
  })
  await reading.catch((error: unknown) => {
    throw damaged(path, error)
  })
  for (const [name, octal] of folders) records.push(`${name}//d ${octal} 0:0 \0`)
  const text = Buffer.from(records.toSorted(inBytes).join(''), 'latin1')
  const counts = { bytes: bytes + folders.size * 4096, entries: records.length }
  await writeFile(`${list}.partial`, await promisify(gzip)(text, { level: 1 }))
  await rename(`${list}.partial`, list)
  await writeFile(countsFile(path), `${JSON.stringify(counts)}\n`)
  return counts
}

const folderOf = (name: BytePath): BytePath => (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '')

const unpacked = (path: string): AsyncIterable<Buffer> => createReadStream(path).pipe(createGunzip())

/** Numbers of files in the order of the list, from and to, both included. */
type Ranges = readonly (readonly [number, number])[]

/** An archive of these files alone, with all folders and links. */
async function selectFrom(path: string, list: string, missing: Ranges, into: string): Promise<string> {
  const files = (await promisify(gunzip)(await readFile(list)))
    .toString('latin1')
    .split('\0')
    .filter((record) => /^[0-9a-f]{64}$/.test(record.slice(record.indexOf('//') + 2)))
    .map((record) => record.slice(0, record.indexOf('//')))
  const wanted = new Set(missing.flatMap(([from, to]) => files.slice(from, to + 1)))
  const out = createGzip({ level: 1 })
  const written = pipeline(out, createWriteStream(into, { mode: 0o600 }))
  const write = async (piece: Buffer): Promise<void> => {
    if (!out.write(piece)) await once(out, 'drain')
  }
  const reading = readTar(unpacked(path), async ({ path: name, is, head }) => {
    if (is === 'file' && !wanted.has(name)) return {}
    for (const piece of head) await write(piece)
    return { onContent: write, onEnd: write }
  }).then(() => out.end(Buffer.alloc(endOfArchive)))
  await Promise.all([written, reading])
  return into
}

/** Two blocks of zeros. */
const endOfArchive = 1024

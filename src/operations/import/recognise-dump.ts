import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { failure } from '../../errors/failure.ts'

/** How a dump was written: as SQL, or for pg_restore as one file or a folder. */
export type DumpFormat = 'sql' | 'custom' | 'directory'
export type Compression = 'gzip' | 'zstd'

export interface DumpFile {
  readonly path: string
  readonly format: DumpFormat
  /** Around the whole file; what pg_dump compresses inside of its own formats is not meant. */
  readonly compression?: Compression
  readonly bytes: number
  /** Of a folder: its files that are of the dump. Whatever else lies there is not sent. */
  readonly names?: readonly string[]
}

/** The file of a folder that says what is in it; the others have the rows. */
export const contents = 'toc.dat'

export const decompressors: Readonly<Record<Compression, () => Transform>> = {
  gzip: createGunzip,
  zstd: createZstdDecompress,
}

/** Looks at the first bytes of a file, not at its name. @throws TRI-IMPORT-001 where it is no dump that can be imported */
export async function recogniseDump(path: string): Promise<DumpFile> {
  const found = await stat(path).catch((error: Error) => {
    throw notADump(path, error.message)
  })
  if (found.isDirectory()) return await recogniseFolder(path)
  if (!found.isFile()) throw notADump(path, 'it is neither a file nor a folder')
  const outer = await readHead(path)
  const compression = compressionOf(outer)
  const head = compression === undefined ? outer : await readHead(path, compression)
  const objection = objectionTo(head)
  if (objection !== undefined) throw notADump(path, objection)
  const format = head.subarray(0, 5).equals(Buffer.from('PGDMP')) ? 'custom' : 'sql'
  return { path, format, bytes: found.size, ...(compression !== undefined && { compression }) }
}

/** Names that pg_dump gives: tables by number, large objects and their lists. The folder itself may have others, in any encoding. */
const ofFolder = /^(?:toc\.dat|(?:\d+|blob_\d+)\.dat(?:\.(?:gz|lz4|zst))?|blobs(?:_\d+)?\.toc(?:\.(?:gz|lz4|zst))?)$/

async function recogniseFolder(path: string): Promise<DumpFile> {
  const names = (await readdir(path)).filter((name) => ofFolder.test(name)).toSorted()
  if (!names.includes(contents)) throw notADump(path, `the folder has no ${contents}, which pg_dump -Fd writes`)
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size)).catch(
    (error: Error) => {
      throw notADump(path, error.message)
    },
  )
  return { path, format: 'directory', bytes: sizes.reduce((sum, size) => sum + size, 0), names }
}

const headLength = 4096

/** The first bytes, unpacked. A file that cannot be unpacked has none. */
async function readHead(path: string, compression?: Compression): Promise<Buffer> {
  const file = createReadStream(path, { end: 16 * headLength - 1 })
  const content = compression === undefined ? file : file.pipe(decompressors[compression]())
  const pieces: Buffer[] = []
  try {
    for await (const piece of content) {
      pieces.push(piece as Buffer)
      if (pieces.reduce((sum, { length }) => sum + length, 0) >= headLength) break
    }
  } catch (error) {
    // The head of a compressed file ends in the middle; what came before it counts.
    if (compression === undefined) throw notADump(path, (error as Error).message)
  } finally {
    file.destroy()
  }
  return Buffer.concat(pieces).subarray(0, headLength)
}

const beginsWith = (head: Buffer, hex: string, at = 0): boolean =>
  head.subarray(at, at + hex.length / 2).toString('hex') === hex

function compressionOf(head: Buffer): Compression | undefined {
  if (beginsWith(head, '1f8b')) return 'gzip'
  return beginsWith(head, '28b52ffd') ? 'zstd' : undefined
}

/** What other files begin with, in hexadecimal, and what to say of them. */
const others: readonly (readonly [hex: string, what: string, at?: number])[] = [
  ['89504e47', 'it is a PNG image'],
  ['ffd8ff', 'it is a JPEG image'],
  ['25504446', 'it is a PDF'],
  ['504b0304', 'it is a ZIP archive: unpack it first'],
  ['fd377a585a00', 'it is compressed by xz: unpack it first, or use gzip or zstd'],
  ['425a68', 'it is compressed by bzip2: unpack it first, or use gzip or zstd'],
  ['7f454c46', 'it is a program'],
  ['53514c69746520666f726d6174', 'it is a database of SQLite: pgloader moves one to PostgreSQL'],
  ['7573746172', 'it is a tar archive: dump with pg_dump -Fc, or unpack a folder of pg_dump -Fd', 257],
]

/** Why content is no dump; `undefined` where it may be one. */
export function objectionTo(head: Buffer): string | undefined {
  if (head.length === 0) return 'it is empty, or cannot be unpacked'
  const known = others.find(([hex, , at]) => beginsWith(head, hex, at))
  if (known !== undefined) return known[1]
  if (beginsWith(head, '5047444d50')) return undefined
  if (head.includes(0)) return 'it is neither SQL in a text file nor an archive of pg_dump'
  return /^-- (?:MySQL|MariaDB) dump/m.test(head.toString('latin1'))
    ? 'it is a dump of MySQL or MariaDB: pgloader moves such a database to PostgreSQL'
    : undefined
}

const notADump = (path: string, why: string) =>
  failure('TRI-IMPORT-001', {
    what: `${path} cannot be imported`,
    why,
    state: 'nothing was changed',
    next: 'name a dump of one database: SQL (also .gz or .zst), a file of pg_dump -Fc, or a folder of pg_dump -Fd',
  })

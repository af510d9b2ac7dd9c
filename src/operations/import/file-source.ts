import { basename } from 'node:path'
import { failure } from '../../errors/failure.ts'
import type { Connection } from '../../transport/transport.ts'
import { framed } from './frames.ts'
import { importScript, type ProgramWish } from './import-program.ts'
import type { ImportSource } from './import-source.ts'
import { arrivesPacked, openDump } from './open-dump.ts'
import { contents, type DumpFile, recogniseDump } from './recognise-dump.ts'
import { readImportLine, type SeenDump } from './seen-dump.ts'

/** Content takes about so many times the bytes of a dump: indexes, and what is compressed in it. A guess, and said to be one. */
const growth = { plain: 1.5, packed: 6 } as const

const forms: Readonly<Record<DumpFile['format'], string>> = {
  sql: 'SQL',
  custom: 'custom format of pg_dump',
  directory: 'folder of pg_dump',
}

/** A dump on this computer. @throws TRI-IMPORT-001 */
export async function fileSource(path: string): Promise<ImportSource> {
  const file = await recogniseDump(path)
  const wish: ProgramWish = { format: file.format, gzip: arrivesPacked(file) }
  const isPacked = file.format !== 'sql' || file.compression !== undefined
  return {
    shown: basename(path),
    form: `${forms[file.format]}${file.compression === undefined ? '' : `, compressed by ${file.compression}`}`,
    bytes: file.bytes,
    wish,
    look: (primary) => look(primary, file, wish),
    open: (onRead) => framed(openDump(file, onRead)),
    needOf: () => ({ bytes: file.bytes * (isPacked ? growth.packed : growth.plain), isExact: false }),
  }
}

/** The primary reads the dump up to its first row: it has the programs that know how. Of a folder, the list of its content is enough. */
async function look(primary: Connection, file: DumpFile, wish: ProgramWish): Promise<SeenDump> {
  const script = importScript('look', wish)
  const enough: DumpFile = file.names === undefined ? file : { ...file, names: [contents] }
  const { stdout, stderr } = await primary.feed(script.text, () => framed(openDump(enough, () => {})), {
    deadlineSeconds: 300,
    mostLetters: 1_000_000,
  })
  const said = stdout.split('\n').map(readImportLine)
  const seen = said.find((line) => line?.type === 'dump')
  if (seen !== undefined) return seen
  const refused = said.find((line) => line?.type === 'refused')
  throw failure('TRI-IMPORT-001', {
    what: `${file.path} cannot be imported`,
    why: refused?.why ?? (stderr.trim().slice(-1000) || 'it could not be read'),
    state: 'nothing was changed',
    next: 'make a new dump of the one database: `pg_dump -Fc DATABASE >shop.dump`',
  })
}

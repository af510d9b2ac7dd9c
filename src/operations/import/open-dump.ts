import { createReadStream } from 'node:fs'
import { pipeline, type Readable, Transform } from 'node:stream'
import { createGzip } from 'node:zlib'
import { outputOf } from './output-of.ts'
import { decompressors, type DumpFile } from './recognise-dump.ts'

/** Text is packed on its way; the fastest level is as fast as most lines. */
const onTheWay = (): Transform => createGzip({ level: 1 })

/** Whether the content arrives packed by gzip. */
export const arrivesPacked = ({ format, compression }: Pick<DumpFile, 'format' | 'compression'>): boolean =>
  compression === 'gzip' || format === 'sql'

/**
 * The bytes of a dump as they are sent, a piece at a time. Never the whole file is in memory.
 * @param onRead is told how many bytes of the file were read
 */
export function openDump(file: DumpFile, onRead: (bytes: number) => void): Readable {
  const stored =
    file.names === undefined
      ? createReadStream(file.path, { highWaterMark: 262_144 })
      : readFolder(file.path, file.names)
  const content = through(stored, counting(onRead))
  if (file.compression === 'gzip') return content
  const unpacked = file.compression === undefined ? content : through(content, decompressors[file.compression]())
  return file.format === 'sql' ? through(unpacked, onTheWay()) : unpacked
}

const counting = (onRead: (bytes: number) => void): Transform =>
  new Transform({
    transform(piece: Buffer, _encoding, done) {
      onRead(piece.length)
      done(null, piece)
    },
  })

/** Packs SQL that another program writes. */
export const packed = (source: Readable): Readable => through(source, onTheWay())

/** The end of a chain is destroyed where a part of it fails, and the other way round. */
function through(source: Readable, last: Transform): Readable {
  pipeline(source, last, () => {})
  return last
}

/** Files of a folder as a tar archive. */
const readFolder = (path: string, names: readonly string[]): Readable =>
  outputOf('tar', ['-C', path, '--null', '-cf', '-', '-T', '-'], { input: names.map((name) => `${name}\0`).join('') })

import { z } from 'zod'
import { parseJson } from '../../observation/parse-json.ts'

const version = z.string().max(40)

/** What a dump, or a server, says of itself before its first row. A stranger's words. */
export const seenDump = z.object({
  versions: z.object({ from: version.optional(), by: version.optional() }),
  encoding: z.string().max(64).nullable(),
  /** How the other server sorts texts; a dump does not say. */
  collation: z.string().max(64).nullable().default(null),
  extensions: z.array(z.string().max(63)).max(200),
  tables: z.int().min(0),
  /** Of the other server, as it takes room there. */
  bytes: z.number().min(0).optional(),
  /** Of the other server: whether the connection to it is over TLS. */
  isEncrypted: z.boolean().optional(),
  /** Of the other server: by when it started and its name, the database itself is known again. */
  isOf: z.string().max(200).optional(),
})
export type SeenDump = z.output<typeof seenDump>

const table = z.object({ name: z.string().max(300), rows: z.int().min(0), isCompared: z.boolean() })

/** One line of `files/import-dump`. */
export const importLine = z.discriminatedUnion('type', [
  seenDump.extend({ type: z.literal('dump') }),
  z.object({ type: z.literal('refused'), why: z.string().max(8192) }),
  z.object({ type: z.literal('cut'), why: z.string().max(1024) }),
  z.object({ type: z.literal('doing'), what: z.string().max(300) }),
  z.object({ type: z.literal('alive') }),
  /** By its number a transaction is asked about afterwards, whatever became of the connection. */
  z.object({ type: z.literal('began'), transaction: z.string().regex(/^\d{1,20}$/), process: z.int().min(1) }),
  z.object({
    type: z.literal('compared'),
    tables: z.object({ count: z.int().min(0), rows: z.int().min(0), list: z.array(table).max(10_000) }),
    leftOut: z.record(z.string().max(40), z.int().min(0)),
  }),
  z.object({ type: z.literal('committed') }),
  z.object({ type: z.literal('analyzed') }),
])
export type ImportLine = z.output<typeof importLine>
export type Began = Extract<ImportLine, { type: 'began' }>
export type ComparedRows = Extract<ImportLine, { type: 'compared' }>

/** A line that is none of these is left out: what counts is which ones came. */
export function readImportLine(line: string): ImportLine | undefined {
  return importLine.safeParse(parseJson(line)).data
}

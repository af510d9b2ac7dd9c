import { countOf } from '../speech/count-of.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import { trimaran } from '../speech/suggested-command.ts'
import type { Tone } from './tone.ts'

/** What is to be imported, and into what. */
export interface ImportShown {
  readonly source: { readonly shown: string; readonly form: string; readonly bytes?: number }
  readonly seen: {
    readonly versions: { readonly from?: string | undefined }
    readonly encoding: string | null
    readonly collation: string | null
    readonly extensions: readonly string[]
    readonly tables: number
    readonly bytes?: number | undefined
  }
  readonly server: string
  readonly database: string
  readonly presence: 'must be empty' | 'stays' | 'is replaced'
  readonly target: {
    readonly version: string
    readonly encoding: string
    readonly collation: string
    readonly tables: number
    readonly freeBytes: number
  }
  readonly remarks: readonly string[]
}

/** An extension that every database has. */
const inEvery = 'plpgsql'

/** Both sides of an import below each other, and what differs. */
export function showImport(
  { source, seen, server, database, presence, target, remarks }: ImportShown,
  tone: Tone,
): string {
  const bytes = source.bytes ?? seen.bytes
  const from = [
    source.form,
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
    ...(seen.versions.from === undefined ? [] : [`PostgreSQL ${seen.versions.from}`]),
    ...(seen.encoding === null ? [] : [seen.encoding]),
    ...(seen.collation === null ? [] : [`sorts by ${seen.collation}`]),
    countOf(seen.tables, 'table'),
    ...seen.extensions.filter((name) => name !== inEvery),
  ]
  const into = [
    `PostgreSQL ${target.version}`,
    target.encoding,
    `sorts by ${target.collation}`,
    target.tables === 0 ? 'empty' : `${countOf(target.tables, 'table')}, ${fates[presence]}`,
    `room for ${formatBytes(target.freeBytes)}`,
  ]
  return [
    `${source.shown} → ${database} on ${server}`,
    `  from  ${from.join(', ')}`,
    `  into  ${into.join(', ')}`,
    ...remarks.map((remark) => `${tone.yellow('!')} ${remark}`),
  ].join('\n')
}

const fates: Readonly<Record<ImportShown['presence'], string>> = {
  'must be empty': 'which must be none',
  stays: 'which stay',
  'is replaced': 'which are deleted',
}

/** As a program gets it. */
export interface ImportInJson extends Omit<ImportShown, 'source'> {
  readonly source: string
  readonly form: string
  readonly bytes?: number
}

export interface ImportedShown {
  readonly database: string
  readonly server: string
  /** How many were created. */
  readonly tables: number
  readonly rows: number
  readonly list: readonly { readonly name: string; readonly rows: number; readonly isCompared: boolean }[]
  /** What of the source was left out, and how often. */
  readonly leftOut: Readonly<Record<string, number>>
  /** Whether the statistics were gathered, too. */
  readonly isAnalyzed: boolean
}

/** The same for programs. */
export const importAsJson = ({ source, seen, ...rest }: ImportShown): ImportInJson => ({
  source: source.shown,
  form: source.form,
  ...(source.bytes !== undefined && { bytes: source.bytes }),
  seen,
  server: rest.server,
  database: rest.database,
  presence: rest.presence,
  target: rest.target,
  remarks: rest.remarks,
})

/** What is there now, which the database itself counted. */
export function showImported(imported: ImportedShown, tone: Tone): string {
  const { database, server, tables, rows, list, leftOut, isAnalyzed } = imported
  const uncompared = list.filter(({ isCompared }) => !isCompared)
  const counted =
    list.length === 0
      ? 'the source has no rows'
      : uncompared.length === list.length
        ? 'counted; the dump itself does not say how many'
        : 'counted, as many as in the source'
  const gone = Object.entries(leftOut).map(([what, count]) => `${what} (${count})`)
  return [
    `${tone.green('✔')} ${countOf(tables, 'table')} with ${rows.toLocaleString('en')} rows came into ${database} on ${server}: ${counted}`,
    ...(uncompared.length > 0 && uncompared.length < list.length
      ? [
          `  not compared, since the dump does not say how many rows they have: ${uncompared.map(({ name }) => name).join(', ')}`,
        ]
      : []),
    ...(gone.length === 0 ? [] : [`  left out: ${gone.join(', ')}. All of it belongs to the role app`]),
    ...(isAnalyzed ? [] : [remarkStatistics(database, tone)]),
  ].join('\n')
}

/** For a database that has all of its rows, and was not analyzed. */
export const remarkStatistics = (database: string, tone: Tone): string =>
  `${tone.yellow('!')} It is all there, and PostgreSQL has no statistics of it yet, so queries may be slow: ${trimaran(`psql --database ${database} -- -c analyze`)}`

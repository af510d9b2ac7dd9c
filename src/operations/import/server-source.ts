import spawnOnce, { SubprocessError } from 'nano-spawn'
import { z } from 'zod'
import { failure } from '../../errors/failure.ts'
import { parseJson } from '../../observation/parse-json.ts'
import type { Connection } from '../../transport/transport.ts'
import { framed } from './frames.ts'
import { askElsewhere } from './import-program.ts'
import type { ImportSource } from './import-source.ts'
import type { LiveSource } from './live-source.ts'
import { packed } from './open-dump.ts'
import { outputOf } from './output-of.ts'
import { ownTables } from './own-tables.ts'
import { type SeenDump, seenDump } from './seen-dump.ts'

/** Works from PostgreSQL 9.5 on; pg_dump itself reads servers from 9.2 on. */
const question = `select json_build_object(
  'versions', json_build_object('from', split_part(current_setting('server_version'), ' ', 1)),
  'encoding', pg_encoding_to_char(encoding), 'collation', datcollate, 'bytes', pg_database_size(oid),
  'isOf', extract(epoch from pg_postmaster_start_time()) || ' ' || current_database(),
  'extensions', (select coalesce(json_agg(extname order by extname), '[]') from pg_extension),
  'tables', (${ownTables}), 'isEncrypted', (select ssl from pg_stat_ssl where pid = pg_backend_pid()))
  from pg_database where datname = current_database()`

/** A server elsewhere, which is read by pg_dump: of the primary, or of this computer where the primary does not reach it. */
export const serverSource = (live: LiveSource, isFromHere: boolean): ImportSource =>
  isFromHere ? readFromHere(live) : readByPrimary(live)

/** A copy needs about the room that it has there; its indexes are built anew, so rather less. */
const needOf: ImportSource['needOf'] = ({ bytes = 0 }) => ({ bytes, isExact: true })

const readByPrimary = (live: LiveSource): ImportSource => ({
  shown: live.shown,
  form: 'a server that the primary reads',
  wish: { format: 'live', gzip: false, url: live.url },
  password: live.password,
  async look(primary: Connection) {
    const script = askElsewhere(live.url, live.password, question)
    const { code, stdout, stderr } = await primary.run(script.text, { deadlineSeconds: 60, mostLetters: 100_000 })
    return readAnswer(
      live,
      code === 0 ? stdout : undefined,
      stderr,
      'the primary',
      '; `--from-here` reads it from this computer',
    )
  },
  // Nothing is sent but that somebody waits: the copy ends where the connection does.
  open: () => framed(forever()),
  needOf,
})

const readFromHere = (live: LiveSource): ImportSource => ({
  shown: live.shown,
  form: 'a server that this computer reads',
  wish: { format: 'sql', gzip: true },
  async look() {
    const options = { env: environmentOf(live), stdin: 'ignore', timeout: 60_000 } as const
    try {
      const { stdout } = await spawnOnce('psql', ['-XAtq', '-w', '-d', live.url, '-c', question], options)
      return readAnswer(live, stdout, '', 'this computer')
    } catch (error) {
      if (!(error instanceof SubprocessError)) throw error
      const isMissing = (error.cause as { code?: string } | undefined)?.code === 'ENOENT'
      const why = isMissing
        ? 'psql and pg_dump are not installed here: Debian’s package postgresql-client has them'
        : error.stderr
      return readAnswer(live, undefined, why, 'this computer')
    }
  },
  open: () => framed(packed(outputOf('pg_dump', [...dumpWords, '-d', live.url], { env: environmentOf(live) }))),
  needOf,
})

/** Owners and privileges are written, so that the import counts what it leaves out. */
const dumpWords = ['--no-subscriptions', '--no-password']

const environmentOf = ({ password }: LiveSource): Record<string, string> => ({
  PGCONNECT_TIMEOUT: '10',
  ...(password !== '' && { PGPASSWORD: password }),
})

async function* forever(): AsyncGenerator<Buffer> {
  yield await new Promise<Buffer>(() => {})
}

const schema = seenDump.extend({ bytes: z.number().min(0) })

/** @throws TRI-IMPORT-001 */
function readAnswer(
  live: LiveSource,
  stdout: string | undefined,
  stderr: string,
  who: string,
  otherwise = '',
): SeenDump {
  const seen = stdout === undefined ? undefined : schema.safeParse(parseJson(stdout.trim())).data
  if (seen !== undefined) return seen
  throw failure('TRI-IMPORT-001', {
    what: `${live.shown} cannot be read from ${who}`,
    why: stderr.trim().slice(0, 1000) || 'its answer could not be read',
    state: 'nothing was changed',
    next: `the server must be reached from there, let this user in, and show all that is to be copied${otherwise}`,
  })
}

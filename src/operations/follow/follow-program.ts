import { readFileSync } from 'node:fs'
import { failure } from '../../errors/failure.ts'
import { parseJson } from '../../observation/parse-json.ts'
import { sh, type Shell } from '../../shell/sh.ts'
import type { Stack } from '../../stack/stack.ts'
import type { Connection } from '../../transport/transport.ts'
import { withPostgres } from '../import/import-program.ts'
import type { Terms } from '../operator.ts'
import { type FollowLine, followLine } from './follow-lines.ts'

/** What `files/follow-database` is to do. */
export interface FollowWish {
  readonly database: string
  /** Of the subscription here, and of the publication and the slot there. */
  readonly name: string
  /** Of the server to follow, without its password. */
  readonly address?: string
  /** How long to wait for what is still on its way. */
  readonly seconds?: number
  /** Whether others may be logged in there at the end. */
  readonly isAnyway?: boolean
}

/** The same for each command, so that all of them find it: a slot's name has lower-case letters, digits and underscores. */
export const followName = ({ name }: Pick<Stack, 'name'>, database: string): string =>
  `trimaran_${name}_${database}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .slice(0, 63)

const program = readFileSync(new URL('files/follow-database', import.meta.url), 'utf8')

/** As PostgreSQL's own user. Without a home, as `importScript` says; a password is in the environment, which no other user can read. */
const followScript = (verb: string, wish: FollowWish, password: string): Shell => sh`
  cd /
  ${withPostgres}
  export PATH HOME=/nonexistent wish=${JSON.stringify({ seconds: 60, isAnyway: false, ...wish })} source_password=${password}
  exec runuser -u postgres -- python3 -c ${program} ${verb}
`

/** The program says every five seconds that it lives. */
const silenceSeconds = 60

/** What the program said, the last line of each kind. */
export type Said = { readonly [Type in FollowLine['type']]?: Extract<FollowLine, { type: Type }> } & {
  /** What it said besides, where it broke. */
  readonly error: string
}

/** Runs the program on the primary, to its end. @throws TRI-SSH-… where the connection is lost; what became of it is not known then */
export async function runFollow(
  connection: Connection,
  verb: 'begin' | 'status' | 'finish' | 'abandon',
  wish: FollowWish,
  { emit, password = '', onSaid }: Pick<Terms, 'emit'> & { password?: string; onSaid?: (said: Said) => void },
): Promise<Said> {
  let said: Said = { error: '' }
  const onLine = (text: string): void => {
    const line = followLine.safeParse(parseJson(text)).data
    if (line === undefined) return
    said = { ...said, [line.type]: line }
    onSaid?.(said)
    if (line.type === 'doing') emit({ type: 'stage', name: 'following', detail: line.what })
  }
  const waits = verb === 'status' ? { deadlineSeconds: 100 } : { deadlineSeconds: Infinity, silenceSeconds }
  const { stderr } = await connection.run(followScript(verb, wish, password).text, { onLine, ...waits })
  return { ...said, error: stderr.trim().slice(-1000) }
}

/** Why nothing came of it, in the words of who said so. */
export const whyNot = ({ refused, unreached, error }: Said): string =>
  refused?.why ??
  (unreached === undefined ? error || 'it said nothing' : `the old server does not answer: ${unreached.why}`)

/** @throws TRI-FOLLOW-003 */
export const followsNobody = (database: string) =>
  failure('TRI-FOLLOW-003', { what: `${database} follows no other server`, state: 'nothing was changed' })

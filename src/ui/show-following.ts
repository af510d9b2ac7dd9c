import { countOf } from '../speech/count-of.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import { trimaran } from '../speech/suggested-command.ts'
import { remarkStatistics } from './show-import.ts'
import type { Tone } from './tone.ts'

interface Session {
  readonly user: string | null
  readonly program: string | null
  readonly count: number
}

type There =
  | { readonly why: string }
  | {
      readonly slot: {
        readonly isActive: boolean
        readonly lagBytes: number
        readonly keptBytes: number | null
      } | null
      readonly lagSeconds: number | null
      readonly isReadOnly: boolean
      readonly sessions: readonly Session[]
    }

/** How far a database is that follows a server elsewhere. */
export interface FollowingShown {
  readonly database: string
  readonly server: string
  readonly source: string
  readonly name: string
  readonly tables: number
  readonly copied: number
  readonly isWorking: boolean
  readonly failures: number
  readonly there: There
}

/** The same for programs. */
export const followingAsJson = (following: FollowingShown): FollowingShown => ({ ...following })

/** How far it is, what is against an end, and what comes next. */
export function showFollowing(following: FollowingShown, tone: Tone): string {
  const { database, server, source, tables, copied, there } = following
  const doubts = doubtsOf(following)
  const isReady = doubts.length === 0 && copied === tables && !isBusy(there)
  return [
    `${database} on ${server} follows ${source}`,
    `  tables  ${copied} of ${tables} copied`,
    ...('why' in there ? [] : linesOf(there)),
    ...doubts.map((doubt) => `${tone.yellow('!')} ${doubt}`),
    isReady
      ? `→ ready: ${trimaran(withDatabase('db follow finish', database))} takes over`
      : `→ ${trimaran(withDatabase('db follow status', database))} looks again`,
  ].join('\n')
}

const withDatabase = (words: string, database: string): string =>
  database === 'app' ? words : `${words} --database ${database}`

const isBusy = (there: There): boolean => !('why' in there) && !there.isReadOnly && there.sessions.length > 0

function linesOf({ slot, lagSeconds, isReadOnly, sessions }: Exclude<There, { why: string }>): readonly string[] {
  const seconds = lagSeconds === null ? [] : [`${lagSeconds.toFixed(1)} s`]
  const listed = sessions.map(
    ({ user, program, count }) => `${[user, program].filter((one) => one !== null && one !== '').join(' ')} (${count})`,
  )
  return [
    ...(slot === null
      ? []
      : [
          `  behind  ${[slot.lagBytes === 0 ? 'nothing' : formatBytes(slot.lagBytes), ...seconds].join(', ')}`,
          ...(slot.keptBytes === null ? [] : [`  slot    keeps ${formatBytes(slot.keptBytes)} there`]),
        ]),
    `  there   ${isReadOnly ? 'read-only' : 'takes writes'}, ${listed.length === 0 ? 'nobody else is logged in' : `logged in: ${listed.join(', ')}`}`,
  ]
}

function doubtsOf({ isWorking, failures, there, name, server }: FollowingShown): readonly string[] {
  return [
    ...('why' in there ? [`The old server does not answer: ${there.why}`] : []),
    ...('slot' in there && there.slot === null
      ? [
          `The old server has no slot ${name} any more, so what was written there since is not known: ${trimaran('db follow abandon')}, and start again`,
        ]
      : []),
    ...(isWorking ? [] : ['Nothing comes at the moment']),
    ...(failures > 0
      ? [`It failed ${countOf(failures, 'time')} to write what came: ${trimaran(`logs ${server} patroni`)} says why`]
      : []),
  ]
}

export interface FinishedShown {
  readonly database: string
  readonly source: string
  readonly tables: number
  readonly rows: number
  readonly sequences: number
  readonly isAnalyzed: boolean
}

/** What was counted on both sides. */
export function showFinished(finished: FinishedShown, tone: Tone): string {
  const { database, source, tables, rows, sequences, isAnalyzed } = finished
  return [
    `${tone.green('✔')} ${database} took over from ${source}: ${countOf(tables, 'table')} with ${rows.toLocaleString('en')} rows, counted on both sides; ${countOf(sequences, 'sequence')} set`,
    '  The app may write here now. The slot and the publication there are gone: change the password there, and keep its data until you are sure',
    ...(isAnalyzed ? [] : [remarkStatistics(database, tone)]),
  ].join('\n')
}

export const showAbandoned = (
  { database, source }: { readonly database: string; readonly source: string },
  tone: Tone,
): string =>
  `${tone.green('✔')} ${database} follows nobody, and is empty. The slot and the publication on ${source} are gone, its data is as it was`

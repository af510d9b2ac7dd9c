import { buildCommand, buildRouteMap } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { trimaran } from '../speech/suggested-command.ts'
import { followingAsJson, showAbandoned, showFinished, showFollowing } from '../ui/show-following.ts'
import { importAsJson, showImport } from '../ui/show-import.ts'
import { type ChangeFlags, changeFlags, type StackFlags, stackFlags, wholeNumber } from './flags.ts'
import { begin, operatorOf } from './frame.ts'

const databaseFlag = {
  database: { kind: 'parsed', parse: String, brief: 'Another database', placeholder: 'name', default: 'app' },
} as const

interface DatabaseFlag {
  readonly database: string
}

const start = buildCommand({
  docs: {
    brief: 'Follow a server elsewhere: its rows, and then every change of them',
    fullDescription: [
      `The schema is copied as by an import, then all rows while the old app goes on, then every change. It ends with`,
      `${trimaran('db follow finish')}, or with ${trimaran('db follow abandon')}; until then a slot on the old server keeps what was not sent yet.`,
      'The old server needs wal_level = logical, a user with REPLICATION that owns the tables, and a primary key in each table. The',
      'password stands in the address, or better in PGPASSWORD.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...changeFlags,
      ...databaseFlag,
      replace: { kind: 'boolean', brief: 'Delete what is in it first', default: false, withNegated: false },
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'The address of the server', parse: String, placeholder: 'source' }],
    },
  },
  func: async ({ database, replace, ...flags }: ChangeFlags & DatabaseFlag & { replace: boolean }, source: string) => {
    // The address may have a password in it, which every user of this computer could read in the list of processes.
    process.title = 'trimaran'
    const { output, session } = await begin(flags, 'find')
    const operator = operatorOf<operations.ImportProposal>(flags, output, {
      show: (proposed) => {
        output.print(showImport(proposed, output.tone))
        output.printJson('import', importAsJson(proposed))
      },
      question: ({ source: { shown }, server }) =>
        `${replace ? `Delete all that is in ${database}, and have it` : `Have ${database}`} on ${server} follow ${shown}?`,
      word: ({ target }) => (replace && target.tables > 0 ? database : undefined),
    })
    const presence = replace ? 'is replaced' : 'must be empty'
    const { following } = await operations.startFollowing(session, { source, database, presence }, operator)
    if (following === undefined) return
    output.print(showFollowing(following, output.tone))
    output.printJson('following', followingAsJson(following))
  },
})

const status = buildCommand({
  docs: { brief: 'How far it is, and what is still behind' },
  parameters: { flags: { ...stackFlags, ...databaseFlag } },
  func: async ({ database, ...flags }: StackFlags & DatabaseFlag) => {
    const { output, session } = await begin(flags, 'find')
    const following = await operations.following(session, { database })
    output.print(showFollowing(following, output.tone))
    output.printJson('following', followingAsJson(following))
  },
})

const finish = buildCommand({
  docs: {
    brief: 'Take over from the old server, once nobody writes there any more',
    fullDescription: [
      'Stop the old app first, or make its database read-only. Then: the tables there are locked against writes, what is on its way comes,',
      'rows are counted on both sides, sequences go on where they stood, and the app may write here. The slot and the publication on the',
      'old server are dropped. Where something is against it, nothing is changed, and it goes on following.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...changeFlags,
      ...databaseFlag,
      anyway: {
        kind: 'boolean',
        brief: 'Even if others are logged in to the old database',
        default: false,
        withNegated: false,
      },
      seconds: {
        kind: 'parsed',
        parse: wholeNumber,
        brief: 'How long to wait for what is on its way',
        placeholder: 'seconds',
        default: '60',
      },
    },
  },
  func: async ({
    database,
    anyway,
    seconds,
    ...flags
  }: ChangeFlags & DatabaseFlag & { anyway: boolean; seconds: number }) => {
    const { output, session } = await begin(flags, 'find')
    const operator = operatorOf<operations.Following>(flags, output, {
      show: (now) => output.print(showFollowing(now, output.tone)),
      question: ({ source }) => `Take over from ${source}?`,
    })
    const wish = { database, isAnyway: anyway, seconds }
    const { finished, following } = await operations.finishFollowing(session, wish, operator)
    if (finished === undefined) return
    const took = { changed: true, database, source: following.source, ...finished }
    output.print(showFinished(took, output.tone))
    output.printJson('followed', took)
  },
})

const abandon = buildCommand({
  docs: {
    brief: 'Give up following: delete what came, and leave nothing on the old server',
    fullDescription:
      'The slot and the publication on the old server are dropped, and all that came here is deleted. The data of the old server is not touched.',
  },
  parameters: { flags: { ...changeFlags, ...databaseFlag } },
  func: async ({ database, ...flags }: ChangeFlags & DatabaseFlag) => {
    const { output, session } = await begin(flags, 'find')
    const operator = operatorOf<operations.Following>(flags, output, {
      show: (now) => output.print(showFollowing(now, output.tone)),
      question: ({ source }) => `No longer follow ${source}, and delete all that is in ${database}?`,
      word: () => database,
    })
    const { outcome, following } = await operations.abandonFollowing(session, { database }, operator)
    if (outcome === 'declined') return
    const gone = { changed: true, database, source: following.source }
    output.print(showAbandoned(gone, output.tone))
    output.printJson('abandoned', gone)
  },
})

export const follow = buildRouteMap({
  routes: { start, status, finish, abandon },
  docs: { brief: 'Follow a server elsewhere until the stack takes over' },
})

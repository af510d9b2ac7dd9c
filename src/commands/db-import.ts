import { buildCommand } from '@stricli/core'
import { failure } from '../errors/failure.ts'
import * as operations from '../operations/index.ts'
import { trimaran } from '../speech/suggested-command.ts'
import { importAsJson, showImport, showImported } from '../ui/show-import.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin, operatorOf } from './frame.ts'

interface ImportFlags extends ChangeFlags {
  readonly database: string
  readonly 'into-existing': boolean
  readonly replace: boolean
  readonly 'from-here': boolean
}

export const importCommand = buildCommand({
  docs: {
    brief: 'Bring an existing database in, from a dump or from a server elsewhere',
    fullDescription: [
      `From a dump on this computer: ${trimaran('db import shop.dump')}. It is SQL (also .gz or .zst), a file of pg_dump -Fc, or a`,
      `folder of pg_dump -Fd. From a server: ${trimaran('db import postgresql://ana@db.example.com/shop')}, which the primary reads by`,
      'pg_dump; --from-here reads it from this computer, where the primary does not reach it. The password stands in the address, or',
      'better in PGPASSWORD.',
      '',
      'All objects belong to the role of the app; owners and privileges of the dump are left out. It is one transaction, committed',
      'only once each table has as many rows as the source. The database must be empty, unless --replace deletes what is in it, or',
      '--into-existing keeps it.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...changeFlags,
      database: { kind: 'parsed', parse: String, brief: 'Into another database', placeholder: 'name', default: 'app' },
      'into-existing': {
        kind: 'boolean',
        brief: 'Keep what is in it, and add to it',
        default: false,
        withNegated: false,
      },
      replace: {
        kind: 'boolean',
        brief: 'Delete what is in it, in the same transaction',
        default: false,
        withNegated: false,
      },
      'from-here': { kind: 'boolean', brief: 'Read a server from this computer', default: false, withNegated: false },
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'A file or folder, or the address of a server', parse: String, placeholder: 'source' }],
    },
  },
  func: async (flags: ImportFlags, source: string) => {
    const began = performance.now()
    // The address may have a password in it, which every user of this computer could read in the list of processes.
    process.title = 'trimaran'
    const presence = presenceOf(flags)
    const { output, session } = await begin(flags, 'find')
    const { tone } = output
    const operator = operatorOf<operations.ImportProposal>(flags, output, {
      show: (proposed) => {
        output.print(showImport(proposed, tone))
        output.printJson('import', importAsJson(proposed))
      },
      question,
      word: (proposed) => (isDeleting(proposed) ? proposed.database : undefined),
    })
    const wish = { source, database: flags.database, presence, isFromHere: flags['from-here'] }
    const {
      outcome,
      proposal,
      tables,
      leftOut = {},
      isAnalyzed = false,
    } = await operations.importDatabase(session, wish, operator)
    if (outcome === 'declined' || tables === undefined) return
    const { database, server } = proposal
    const { count, rows, list } = tables
    const milliseconds = performance.now() - began
    const imported = {
      changed: true,
      database,
      server,
      tables: count,
      rows,
      list,
      leftOut,
      isAnalyzed,
      milliseconds,
    }
    output.print(showImported(imported, tone))
    output.printJson('imported', imported)
  },
})

function presenceOf(flags: ImportFlags): operations.ImportProposal['presence'] {
  if (flags.replace && flags['into-existing'])
    throw failure('TRI-USAGE-001', {
      what: '--replace deletes what --into-existing keeps',
      state: 'nothing was changed',
      next: 'use only one of them',
    })
  if (flags.replace) return 'is replaced'
  return flags['into-existing'] ? 'stays' : 'must be empty'
}

const isDeleting = ({ presence, target }: operations.ImportProposal): boolean =>
  presence === 'is replaced' && target.tables > 0

const question = (proposed: operations.ImportProposal): string => {
  const { source, server, database } = proposed
  return isDeleting(proposed)
    ? `Delete all that is in ${database} on ${server}, and import ${source.shown}?`
    : `Import ${source.shown} into ${database} on ${server}?`
}

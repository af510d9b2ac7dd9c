import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { quote } from '../shell/sh.ts'
import { attach, hasTerminal } from './attach.ts'
import { type StackFlags, stackFlags } from './flags.ts'
import { begin } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

interface PsqlFlags extends Omit<StackFlags, 'json'> {
  readonly replica: boolean
  readonly database: string
}

/** What it prints is what psql prints. */
const { json: _, ...flagsWithoutJson } = stackFlags

export const psql = buildCommand({
  docs: {
    brief: 'Open psql on the primary, as the superuser; what follows `--` goes to psql',
    fullDescription: [
      'Open psql on the primary, as the superuser.',
      `What follows \`--\` goes to psql: ${trimaran('psql -- -c "select count(*) from entries"')}`,
      'Standard input, output and the exit code are those of psql, so it can be part of a pipe; with a terminal on both sides it',
      'is a session as with ssh. Nothing is masked. Who opened it, and with which arguments, is written to the audit',
      `trail of the server, and ${trimaran('history')} shows it.`,
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...flagsWithoutJson,
      replica: {
        kind: 'boolean',
        brief: 'On a replica, where nothing can be changed',
        default: false,
        withNegated: false,
      },
      database: { kind: 'parsed', parse: String, brief: 'Another database', placeholder: 'name', default: 'app' },
    },
    positional: { kind: 'array', parameter: { brief: 'Arguments of psql', parse: String, placeholder: 'word' } },
  },
  func: async (flags: PsqlFlags, ...words: readonly string[]) => {
    const { output, session } = await begin({ ...flags, json: false }, 'find')
    const server = await operations.findDatabase(session, flags.replica)
    const connection = await session.connect(server)
    const noted = await connection.run(operations.noteCommand(session, 'psql', aboutOf(flags, words)).text)
    if (noted.stderr !== '') output.aside(`${server.name}: ${noted.stderr.trim()}`)
    const isTerminal = hasTerminal()
    if (isTerminal) output.aside(output.tone.dim(`psql on ${server.name}, \\q to leave`))
    const line = asPostgres(['psql', '-d', flags.database, ...words])
    // Input from a pipe with output to a terminal is not a session: the content of rows must not control the terminal.
    const { code } = await attach({ target: session.placeOf(server), line, isTerminal, isRaw: 'in pipes' }, output)
    process.exitCode = code
  },
})

/** As the database's own user, whether SSH logs in as root or as a user who may use sudo. */
function asPostgres(words: readonly string[]): string {
  const command = words.map(quote).join(' ')
  return `cd /; if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- ${command}; else exec sudo -n -u postgres ${command}; fi`
}

const aboutOf = ({ database, replica }: PsqlFlags, words: readonly string[]): string =>
  [...(replica ? ['--replica'] : []), ...(database === 'app' ? [] : ['--database', database]), ...words].join(' ')

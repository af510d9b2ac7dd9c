import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { buildApplication, run, type StricliProcess, text_en } from '@stricli/core'
import { exitCodes } from './commands/flags.ts'
import { routes } from './commands/routes.ts'
import { readOutputFlags } from './commands/read-output-flags.ts'
import { usageOf } from './commands/usage-of.ts'
import { hideKeyFromChildren } from './engine/stack-key.ts'
import { failure, TrimaranError } from './errors/failure.ts'
import { reportFailure } from './ui/report-failure.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
/** `trimaran help logs` is `trimaran logs --help`. */
const words = process.argv[2] === 'help' ? [...process.argv.slice(3), '--help'] : process.argv.slice(2)
const wanted = readOutputFlags(words)
const usage = usageOf(words)
hideKeyFromChildren()

/** Errors of the command line library, in the form of any other failure. */
const formatWrongUsage = (what: string): string =>
  reportFailure(
    failure('TRI-USAGE-001', {
      what,
      state: 'nothing was changed',
      next:
        usage === undefined
          ? '`trimaran --help` lists all commands'
          : `usage: \`trimaran ${usage}\`; add \`--help\` for its flags`,
    }),
    wanted,
  )

const application = buildApplication(routes, {
  name: 'trimaran',
  versionInfo: { currentVersion: version },
  scanner: { allowArgumentEscapeSequence: true },
  documentation: { disableAnsiColor: process.env['NO_COLOR'] !== undefined },
  localization: {
    text: {
      ...text_en,
      exceptionWhileRunningCommand: (error) => reportFailure(error, wanted),
      noCommandRegisteredForInput: (wrong) =>
        formatWrongUsage(text_en.noCommandRegisteredForInput({ ...wrong, ansiColor: false })),
      exceptionWhileParsingArguments(error) {
        return formatWrongUsage(text_en.exceptionWhileParsingArguments.call(this, error, false))
      },
    },
  },
  determineExitCode: (error) => (error instanceof TrimaranError ? error.exitCode : exitCodes.failed),
})

// The reader of the pipe has ended, as `head` does: the command ends like any other whose pipe is closed.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(128 + constants.signals.SIGPIPE)
  })
}

await run(application, words, { process: process as StricliProcess })

// The command line library has its own codes below zero for a wrong command; here they all mean wrong usage.
const code = Number(process.exitCode ?? 0)
process.exitCode = code < 0 || code > 250 ? exitCodes.usage : code

// A config may leave something running, such as a timer: the command ends anyway once all output is written.
for (const stream of [process.stdout, process.stderr]) await new Promise((said) => stream.write('', said))
process.exit()

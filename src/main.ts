import { readFileSync } from 'node:fs'
import { buildApplication, buildRouteMap, run, type StricliProcess, text_en } from '@stricli/core'
import { check } from './commands/check.ts'
import { down } from './commands/down.ts'
import { exec } from './commands/exec.ts'
import { explain } from './commands/explain.ts'
import { exitCodes } from './commands/flags.ts'
import { init } from './commands/init.ts'
import { lab } from './commands/lab.ts'
import { logs } from './commands/logs.ts'
import { plan } from './commands/plan.ts'
import { psql } from './commands/psql.ts'
import { status } from './commands/status.ts'
import { switchover } from './commands/switchover.ts'
import { up } from './commands/up.ts'
import { TrimaranError } from './errors/failure.ts'
import { reportFailure } from './ui/report-failure.ts'

/** All verbs, in the order in which a newcomer meets them. */
export const routes = buildRouteMap({
  routes: { init, check, explain, plan, up, status, logs, exec, psql, switchover, down, lab },
  docs: {
    brief: 'A highly available web stack on your own Linux servers, from one typed file',
    fullDescription: [
      'A highly available web stack on your own Linux servers, from one typed file.',
      '',
      'Start with `trimaran init`, then `trimaran up --lab` to see it run on this computer.',
      'Exit codes: 0 well, 1 failed, 2 wrong usage or config, 3 changes (plan), 4 unwell (status).',
    ].join('\n'),
  },
})

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const isJson = process.argv.includes('--json')

const application = buildApplication(routes, {
  name: 'trimaran',
  versionInfo: { currentVersion: version },
  scanner: { allowArgumentEscapeSequence: true },
  documentation: { disableAnsiColor: process.env['NO_COLOR'] !== undefined },
  localization: {
    text: { ...text_en, exceptionWhileRunningCommand: (error) => reportFailure(error, { json: isJson }) },
  },
  determineExitCode: (error) => (error instanceof TrimaranError ? error.exitCode : exitCodes.failed),
})

await run(application, process.argv.slice(2), { process: process as StricliProcess })

// The command line library has codes of its own below zero for a wrong command; here they are all wrong usage.
const code = Number(process.exitCode ?? 0)
process.exitCode = code < 0 || code > 250 ? exitCodes.usage : code

import { failure } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import { checkCommand } from '../values/text.ts'
import type { AppDraft } from './draft.ts'

/**
 * The command that the user names with `--start`.
 * @throws TRI-USAGE-001 where no config could hold it
 */
export function requireCommand(start: string): void {
  const reason = start.trim() === '' ? 'it is empty' : checkCommand(start)?.reason
  if (reason === undefined) return
  throw failure('TRI-USAGE-001', {
    what: 'The command of --start cannot be used',
    why: reason,
    state: 'nothing was written',
    next: `name one command: ${trimaran("init --start './server'")}`,
  })
}

/** Of a `.env` file alone: Deno takes the next word for the program, where the name of the file is left out. */
const envFile = /\s+--env-file(?:-if-exists)?(?:=\S+|\s+\S*\.env(?:\.[\w.-]+)?(?=\s|$))?(?=\s|$)/g

/** Without the file of variables that a command reads: it is not shipped, and a command that misses it ends. */
export function withoutEnvFiles(app: AppDraft): { readonly app: AppDraft; readonly advice: readonly string[] } {
  const strip = (command: string): string => command.replaceAll(envFile, '')
  const processes = Object.entries(app.processes ?? {}).map(
    ([name, process]) =>
      [name, typeof process === 'string' ? strip(process) : { ...process, start: strip(process.start) }] as const,
  )
  const stripped: AppDraft = {
    ...app,
    start: strip(app.start),
    ...(app.release !== undefined && { release: strip(app.release) }),
    ...(processes.length > 0 && { processes: Object.fromEntries(processes) }),
  }
  return JSON.stringify(stripped) === JSON.stringify(app)
    ? { app, advice: [] }
    : {
        app: stripped,
        advice: [
          '`--env-file` was left out, since such files are not shipped: what they set belongs in env, and in secrets',
        ],
      }
}

import { buildCommand } from '@stricli/core'
import { failure } from '../errors/failure.ts'
import * as operations from '../operations/index.ts'
import { quote } from '../shell/sh.ts'
import { hideSecrets } from '../speech/known-secrets.ts'
import { type Server, serversOf } from '../stack/stack.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { attach, hasTerminal } from './attach.ts'
import { begin, type Frame } from './frame.ts'
import { noteUnmasked } from './note-unmasked.ts'
import { trimaran } from '../speech/suggested-command.ts'

interface ExecFlags extends StackFlags {
  readonly app: boolean
  readonly interactive: boolean
  readonly raw: boolean
}

export const exec = buildCommand({
  docs: {
    brief: 'Run a command on a server or on all of a tier, or as the app in its current release',
    fullDescription: [
      `Runs a command as root: ${trimaran('exec web -- uptime')}. With --app it runs as the app would: as its user, in the folder`,
      'of the current release, with its environment and its limits, on the app server named or else on the first one:',
      `${trimaran('exec --app -- node scripts/report.js')}.`,
      '',
      'On one server the command has this standard input and output while it runs, byte for byte, and its exit code is the',
      `answer: ${trimaran('exec db-1 -- runuser -u postgres pg_dump app > app.sql')}. With --interactive it gets this terminal:`,
      `${trimaran('exec app-1 --app --interactive -- node')}. On several servers nothing is read.`,
      '',
      'Secrets of the stack are shown as ***, also in a pipe; on a terminal, control characters are shown as text.',
      'With --raw the output is what the command printed. What was run, by whom and when, is written to the audit trail of the',
      `server, and ${trimaran('history')} shows it.`,
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...stackFlags,
      app: { kind: 'boolean', brief: 'As the app, in its current release', default: false, withNegated: false },
      interactive: {
        kind: 'boolean',
        brief: 'Give the command this terminal',
        default: false,
        withNegated: false,
      },
      raw: {
        kind: 'boolean',
        brief: 'Show the output unchanged; no effect on --json',
        default: false,
        withNegated: false,
      },
    },
    aliases: { i: 'interactive' },
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: { brief: 'A server or tier, then `--` and the command', parse: String, placeholder: 'word' },
    },
  },
  func: async (flags: ExecFlags, ...words: readonly string[]) => {
    const { output, session } = await begin(flags, 'find')
    noteUnmasked(session, output)
    const { word, command } = understand(flags, words, session)
    const servers = operations.serversNamed(session.stack, word)
    if (servers.length === 0) throw failure('TRI-SERVER-001', { what: `${word} has no servers` })
    // One word may hold a whole pipeline; several are arguments and are quoted.
    const wish = { command: command.length === 1 ? command[0]! : command.map(quote).join(' '), asApp: flags.app }
    const [server] = servers
    const isAttached = servers.length === 1 && !flags.json
    if (flags.interactive && !(isAttached && hasTerminal()))
      throw failure('TRI-USAGE-001', {
        what: '--interactive is for one server, and needs a terminal',
        next: 'leave it out in a pipe, in a script, with --json, or for several servers',
      })
    await (isAttached
      ? runAttached(server!, wish, flags, { output, session })
      : runOnAll(servers, wish, flags, { output, session }))
  },
})

const noteMasked = 'Secrets of the stack are shown as *** above; --raw shows them.'

/** On one server the command has this one's input and output while it runs. */
async function runAttached(server: Server, wish: operations.CommandWish, flags: ExecFlags, { output, session }: Frame) {
  const { line, said, stop } = await operations.openCommand(session, server, wish)
  if (said !== '') output.aside(`${server.name}: ${said}`)
  const wanted = {
    target: session.placeOf(server),
    line,
    isTerminal: flags.interactive,
    isRaw: flags.raw ? ('always' as const) : ('never' as const),
    stop,
  }
  const { code, isMasked } = await attach(wanted, output)
  if (isMasked) output.aside(noteMasked)
  process.exitCode = code
}

/** On several at once nothing is read, and what each printed comes in one piece, behind its name. */
async function runOnAll(
  servers: readonly Server[],
  wish: operations.CommandWish,
  flags: ExecFlags,
  { output, session }: Frame,
) {
  const results = await operations.runCommand(session, servers, wish)
  let isMasked = false
  // Before lines get a prefix: a secret of several lines would not be recognised after that.
  const said = (text: string): string => {
    const hidden = flags.raw ? text : hideSecrets(text)
    isMasked ||= hidden !== text
    return hidden
  }
  for (const { server, code, stdout, stderr } of results) {
    if (flags.json) output.quoteJson('output', { server, code, stdout, stderr })
    else {
      const prefix = `${server.padEnd(8)} `
      output.relay('stdout', prefixed(said(stdout), prefix), flags)
      output.relay('stderr', prefixed(said(stderr), prefix), flags)
    }
  }
  if (isMasked && !flags.json) output.aside(noteMasked)
  const failed = results.filter(({ code }) => code !== 0)
  if (failed.length > 0) process.exitCode = servers.length === 1 ? failed[0]!.code : exitCodes.failed
}

const namesAnotherTier = ({ servers }: operations.Session['stack'], word: string): boolean =>
  servers.some(({ name, tier }) => tier !== 'app' && (name === word || tier === word))

/** With `--app`, the server may be left out. @throws TRI-USAGE-001 */
function understand({ app }: ExecFlags, words: readonly string[], { stack }: operations.Session) {
  const [first = '', ...rest] = words
  const names = (app ? operations.serversOfTier : serversOf)(stack, 'app').map(({ name }) => name)
  if (!app && rest.length === 0)
    throw failure('TRI-USAGE-001', { what: 'There is no command to run', next: trimaran('exec SERVER -- COMMAND') })
  if (app && rest.length > 0 && first !== 'app' && namesAnotherTier(stack, first))
    throw failure('TRI-USAGE-001', {
      what: `${first} is not an app server`,
      next: `the app runs on ${names.join(', ')}; without --app a command runs anywhere`,
    })
  if (!app || (rest.length > 0 && (first === 'app' || names.includes(first)))) return { word: first, command: rest }
  return { word: names[0]!, command: words }
}

function prefixed(text: string, prefix: string): string {
  if (text === '') return text
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${prefix}${line}\n`)
    .join('')
}

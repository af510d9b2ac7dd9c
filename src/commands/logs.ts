import { buildCommand } from '@stricli/core'
import type { LogLine } from '../engine/read-log-line.ts'
import { failure } from '../errors/failure.ts'
import * as operations from '../operations/index.ts'
import { trimaran } from '../speech/suggested-command.ts'
import { tierNames } from '../stack/tiers.ts'
import { formatTime } from '../ui/format-time.ts'
import type { Output } from '../ui/output.ts'
import { exitCodes, type StackFlags, stackFlags, wholeNumber } from './flags.ts'
import { begin } from './frame.ts'
import { noteUnmasked } from './note-unmasked.ts'
import { parseSince } from './parse-since.ts'

interface LogsFlags extends StackFlags {
  readonly follow: boolean
  readonly lines?: number
  readonly since?: number
  readonly grep?: string
  readonly checks: boolean
}

/** How many lines of each server: the last ones, or all since a time, up to a limit. */
const [lastLines, mostLines] = [100, 10_000]

export const logs = buildCommand({
  docs: {
    brief: 'Show the logs of a server, a tier, a component or the whole stack, merged by time',
    fullDescription: [
      'Shows the logs of a server, a tier, a component or the whole stack, merged by time:',
      `${trimaran('logs web')}, ${trimaran('logs db-1 patroni')}, ${trimaran('logs --since 10m --grep timeout')}.`,
      '',
      `Components: ${operations.logComponents.join(', ')}. Without one, all but system.`,
      'Times are those of this computer. Lines that HAProxy logs twice are shown once. Log lines of the app about health',
      'checks that succeeded are left out; --checks shows them.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...stackFlags,
      follow: { kind: 'boolean', brief: 'Go on as lines come in', default: false, withNegated: false },
      lines: {
        kind: 'parsed',
        parse: wholeNumber,
        brief: `How many lines of each server; ${lastLines} unless stated, with --since ${mostLines}`,
        placeholder: 'number',
        optional: true,
      },
      since: {
        kind: 'parsed',
        parse: (text: string) => parseSince(text),
        brief: 'Only lines since that time: 10m, 2h, 22:55, or 2026-11-30 22:55',
        placeholder: 'time',
        optional: true,
      },
      grep: {
        kind: 'parsed',
        parse: String,
        brief: 'Only lines that match this regular expression, such as a request id',
        optional: true,
        placeholder: 'pattern',
      },
      checks: {
        kind: 'boolean',
        brief: 'With the log lines of the app about health checks that succeeded',
        default: false,
        withNegated: false,
      },
    },
    aliases: { f: 'follow', n: 'lines' },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'A server, tier or component', parse: String, placeholder: 'server|tier|component', optional: true },
        { brief: 'A component', parse: String, placeholder: 'component', optional: true },
      ],
    },
  },
  func: async (flags: LogsFlags, word?: string, componentWord?: string) => {
    const { output, session } = await begin(flags, 'find')
    noteUnmasked(session, output)
    const { servers, component } = understand(session.stack, word, componentWord)
    const { grep, since } = flags
    const wish = {
      lines: flags.lines ?? (since === undefined ? lastLines : mostLines),
      withChecks: flags.checks,
      ...(grep !== undefined && { grep }),
      ...(since !== undefined && { since }),
      ...(component !== undefined && { component }),
    }
    const unreachable = new Set<string>()
    const reader = readerOf(output, unreachable)
    await operations.readLogs(session, servers, wish, reader)
    if (servers.length > 0 && unreachable.size === servers.length) process.exitCode = exitCodes.failed
    if (!flags.follow) return
    const controller = new AbortController()
    process.once('SIGINT', () => controller.abort())
    await operations.followLogs(session, servers, wish, reader, controller.signal)
  },
})

/** A component may stand alone; where a tier has the same name, the tier is meant. @throws TRI-SERVER-001; TRI-USAGE-001 */
function understand(stack: operations.Session['stack'], word?: string, component?: string) {
  const isServers = (one: string): boolean =>
    tierNames.some((tier) => tier === one) || stack.servers.some(({ name }) => name === one)
  if (component !== undefined && !operations.logComponents.includes(component))
    throw failure('TRI-USAGE-001', {
      what: `${component} is not a component`,
      next: `one of ${operations.logComponents.join(', ')}`,
    })
  if (word === undefined) return { servers: stack.servers, component }
  if (component === undefined && !isServers(word) && operations.logComponents.includes(word))
    return { servers: stack.servers, component: word }
  return { servers: operations.serversNamed(stack, word), component }
}

const readerOf = (output: Output, unreachable: Set<string>): operations.LogReader => ({
  onLine: (line) =>
    output.json
      ? output.quoteJson('log', { ...line, at: new Date(line.at).toISOString() })
      : output.quote(render(line, output.tone.dim)),
  onUnread: (server, lines) =>
    output.aside(`${server}: ${lines === 1 ? 'a line' : `${lines} lines`} of its journal could not be read`),
  onUnreachable: (server, why) => {
    unreachable.add(server)
    output.aside(`${server} is unreachable: ${why}`)
  },
})

/** Each line of a message names its server and unit: else a line in the message could look like one of another unit. */
function render({ at, server, component, message }: LogLine, dim: (text: string) => string): string {
  const head = `${dim(formatTime(at, 'milliseconds'))} ${server.padEnd(6)} ${dim(component.padEnd(10))}`
  return message
    .split('\n')
    .map((line) => `${head} ${line}`)
    .join('\n')
}

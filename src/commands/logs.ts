import { buildCommand } from '@stricli/core'
import type { LogLine } from '../engine/read-log-line.ts'
import * as operations from '../operations/index.ts'
import type { Output } from '../ui/output.ts'
import { type StackFlags, stackFlags, wholeNumber } from './flags.ts'
import { begin } from './frame.ts'
import { noteUnmasked } from './note-unmasked.ts'

interface LogsFlags extends StackFlags {
  readonly follow: boolean
  readonly lines: number
  readonly grep?: string
}

export const logs = buildCommand({
  docs: { brief: 'Show the logs of a server, a tier or the whole stack, merged by time' },
  parameters: {
    flags: {
      ...stackFlags,
      follow: { kind: 'boolean', brief: 'Go on as lines come in', default: false, withNegated: false },
      lines: { kind: 'parsed', parse: wholeNumber, brief: 'How many lines of each server', default: '100' },
      grep: {
        kind: 'parsed',
        parse: String,
        brief: 'Only lines that match, such as a request id',
        optional: true,
        placeholder: 'text',
      },
    },
    aliases: { f: 'follow', n: 'lines' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'A server or tier', parse: String, placeholder: 'server|tier', optional: true }],
    },
  },
  func: async (flags: LogsFlags, word?: string) => {
    const { output, session } = await begin(flags, 'find')
    noteUnmasked(session, output)
    const servers = word === undefined ? session.stack.servers : operations.serversNamed(session.stack, word)
    const reader = readerOf(output)
    const wish = { lines: flags.lines, ...(flags.grep !== undefined && { grep: flags.grep }) }
    await operations.readLogs(session, servers, wish, reader)
    if (!flags.follow) return
    const controller = new AbortController()
    process.once('SIGINT', () => controller.abort())
    await operations.followLogs(session, servers, wish, reader, controller.signal)
  },
})

const readerOf = (output: Output): operations.LogReader => ({
  onLine: (line) => (output.json ? output.printJson(line) : output.print(render(line, output.tone.dim))),
  onUnread: (server, lines) =>
    output.aside(`${server}: ${lines === 1 ? 'a line' : `${lines} lines`} of its journal could not be read`),
  onUnreachable: (server, why) => output.aside(`${server} is unreachable: ${why}`),
})

/** Each line of a message says whose it is: one that only looked so could be anybody's. */
function render({ at, server, component, message }: LogLine, dim: (text: string) => string): string {
  const time = new Date(at).toISOString().slice(11, 23)
  const head = `${dim(time)} ${server.padEnd(6)} ${dim(component.padEnd(10))}`
  return message
    .split('\n')
    .map((line) => `${head} ${line}`)
    .join('\n')
}

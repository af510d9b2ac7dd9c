import { buildCommand } from '@stricli/core'
import { failure, TrimaranError } from '../errors/failure.ts'
import { quote } from '../shell/sh.ts'
import { createOutput } from '../ui/output.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { openSession } from './open-session.ts'
import { serversNamed } from './session.ts'

export const exec = buildCommand({
  docs: { brief: 'Run a command on a server, or on all servers of a tier' },
  parameters: {
    flags: stackFlags,
    positional: {
      kind: 'array',
      minimum: 2,
      parameter: { brief: 'A server or tier, then `--` and the command', parse: String, placeholder: 'word' },
    },
  },
  func: async (flags: StackFlags, word: string, ...command: readonly string[]) => {
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'find', output.tell)
    const servers = serversNamed(session.stack, word)
    // One word may hold a whole pipeline; several are arguments and are quoted.
    const script = command.length === 1 ? command[0]! : command.map(quote).join(' ')
    const results = await Promise.all(
      servers.map(async (server) => {
        try {
          const connection = await session.connect(server)
          return { server: server.name, ...(await connection.run(script)) }
        } catch (error) {
          if (!(error instanceof TrimaranError)) throw error
          return {
            server: server.name,
            code: exitCodes.failed,
            stdout: '',
            stderr: `${error.message}: ${error.facts.why ?? ''}\n`,
          }
        }
      }),
    )
    for (const { server, code, stdout, stderr } of results) {
      const prefix = servers.length === 1 ? '' : `${output.tone.dim(server.padEnd(8))} `
      if (flags.json) output.printJson({ server, code, stdout, stderr })
      else {
        process.stdout.write(prefixed(stdout, prefix))
        process.stderr.write(prefixed(stderr, prefix))
      }
    }
    const failed = results.filter(({ code }) => code !== 0)
    if (failed.length > 0) process.exitCode = servers.length === 1 ? failed[0]!.code : exitCodes.failed
    if (servers.length === 0) throw failure('TRI-SERVER-001', { what: `${word} has no servers` })
  },
})

function prefixed(text: string, prefix: string): string {
  if (prefix === '' || text === '') return text
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${prefix}${line}\n`)
    .join('')
}

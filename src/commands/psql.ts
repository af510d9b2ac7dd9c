import { spawn } from 'node:child_process'
import { buildCommand } from '@stricli/core'
import { components } from '../components/index.ts'
import { observe } from '../engine/observe.ts'
import { failure } from '../errors/failure.ts'
import { quote } from '../shell/sh.ts'
import { type Server, serversOf } from '../stack/stack.ts'
import { type DatabaseStatus } from '../status/database.ts'
import { summarise } from '../status/summarise.ts'
import { terminalArguments } from '../transport/ssh-command.ts'
import { createOutput } from '../ui/output.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { openSession } from './open-session.ts'
import type { Session } from './session.ts'

interface PsqlFlags extends StackFlags {
  readonly replica: boolean
  readonly database: string
}

export const psql = buildCommand({
  docs: {
    brief: 'Open psql on the primary, as the superuser; what follows `--` goes to psql',
    fullDescription: [
      'Open psql on the primary, as the superuser.',
      'What follows `--` goes to psql: trimaran psql -- -c "select count(*) from entries"',
      'Standard input, output and the exit code are those of psql, so it can be part of a pipe.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...stackFlags,
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
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'find', output.tell)
    const server = await chooseServer(session, flags.replica)
    output.settle()
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY
    if (isTerminal) process.stderr.write(output.tone.dim(`psql on ${server.name}, \\q to leave\n`))
    const command = asPostgres(['psql', '-d', flags.database, ...words])
    process.exitCode = await runSsh(terminalArguments(session.placeOf(server), command, isTerminal))
  },
})

/** @throws TRI-DATABASE-003 */
async function chooseServer({ stack, connect, secrets }: Session, wantsReplica: boolean): Promise<Server> {
  const servers = serversOf(stack, 'database')
  const answers = await observe(servers, { stack, components, connect, secrets, tell: () => {}, patienceSeconds: 1 })
  const { database } = summarise(stack, answers)
  const name = wantsReplica ? nearestReplica(database) : database.leader
  const server = servers.find((one) => one.name === name)
  if (server !== undefined) return server
  throw failure('TRI-DATABASE-003', {
    what: wantsReplica ? 'No replica follows the primary now' : 'No database server leads now',
    next: wantsReplica ? 'leave out --replica to work on the primary' : 'look at `trimaran status`',
  })
}

const nearestReplica = ({ members }: DatabaseStatus): string | undefined =>
  members
    .filter(({ role, state }) => role === 'replica' && state === 'streaming')
    .toSorted((a, b) => (a.lagBytes ?? 0) - (b.lagBytes ?? 0))[0]?.server

/** As the database's own user, whether SSH lets us in as root or as somebody who may use sudo. */
function asPostgres(words: readonly string[]): string {
  const command = words.map(quote).join(' ')
  return `cd /; if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- ${command}; else exec sudo -n -u postgres ${command}; fi`
}

function runSsh(words: readonly string[]): Promise<number> {
  const child = spawn('ssh', words, { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? exitCodes.failed))
  })
}

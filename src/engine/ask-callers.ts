import { TrimaranError } from '../errors/failure.ts'
import type { LookOfServers } from '../resources/resource.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { longestLook, lookedPath } from './apply-script.ts'

interface Saying {
  readonly caller: string
  /** `absent` where it has no answer. */
  readonly verdict: 'yes' | 'no' | 'absent'
  readonly why: string
}

/** The joint answer of a server's callers: `no` where one objects, and `unknown` where none has an answer. */
export interface Verdict {
  readonly is: 'yes' | 'no' | 'unknown'
  /** The reason, a line for each caller that is not served. */
  readonly why: string
}

interface Asking {
  /** All of the stack. */
  readonly servers?: readonly Server[]
  readonly connect: (server: Server) => Promise<Connection>
}

/** Asks this computer whether the server lets it open another connection. */
export async function askOperator(connection: Connection): Promise<Verdict> {
  const refusal = await connection.another()
  if (refusal === undefined) return { is: 'yes', why: '' }
  return { is: 'no', why: `this computer could open no other SSH connection: ${refusal.slice(0, mostLetters)}` }
}

/** Asks all callers of a server whether they use the release that serves there now, and get answers. */
export async function askCallers({ callers, ask }: LookOfServers, { servers = [], connect }: Asking): Promise<Verdict> {
  const asked = servers.filter(({ name }) => callers.includes(name))
  const said = await Promise.all(asked.map((caller) => askCaller(caller, ask.text, connect)))
  const why = said
    .filter(({ verdict }) => verdict !== 'yes')
    .map(({ caller, why: words }) => `${caller}: ${words}`)
    .join('\n')
  if (said.some(({ verdict }) => verdict === 'no')) return { is: 'no', why }
  return { is: said.some(({ verdict }) => verdict === 'yes') ? 'yes' : 'unknown', why }
}

interface Asking {
  /** All of the stack. */
  readonly servers?: readonly Server[]
  readonly connect: (server: Server) => Promise<Connection>
}

const mostLetters = 500

async function askCaller(
  caller: Server,
  question: string,
  connect: (server: Server) => Promise<Connection>,
): Promise<Saying> {
  const saying = (verdict: Saying['verdict'], why: string): Saying => ({ caller: caller.name, verdict, why })
  try {
    const connection = await connect(caller)
    const { stdout } = await connection.run(question, { deadlineSeconds: longestLook - 5, mostLetters: 16_384 })
    const [, verdict, why = ''] = /^(yes|no|absent)\b ?(.*)$/m.exec(stdout) ?? []
    return verdict === undefined
      ? saying('absent', 'gave no answer that can be read')
      : saying(verdict as Saying['verdict'], why.slice(0, mostLetters))
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    return saying('absent', error.facts.what)
  }
}

/** Sends the verdict to the script that waits for it. */
export async function tellVerdict({ is, why }: Verdict, connection: Connection): Promise<void> {
  const words = is === 'no' ? why : 'yes'
  await connection.run(sh`printf '%s\n' ${words} >${lookedPath}.new && mv -f ${lookedPath}.new ${lookedPath}`.text)
}

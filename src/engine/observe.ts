import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Blueprint, createBlueprint, emptyBlueprint, leavingBlueprint } from '../blueprint/blueprint.ts'
import type { Component, ServerContext } from '../components/component.ts'
import type { FailureCode } from '../errors/catalogue.ts'
import { TrimaranError } from '../errors/failure.ts'
import { waitingLine } from '../observation/frame.ts'
import { queryServer, readServer } from '../observation/query-server.ts'
import type { Answer, Answers } from '../observation/observation.ts'
import type { Shell } from '../shell/sh.ts'
import { fullStackState } from '../stack/stack-state.ts'
import { sealOf } from '../stack/stack-state-copy.ts'
import type { ServerFacts } from '../stack/host-facts.ts'
import type { Server, Stack } from '../stack/stack.ts'
import { deadlinePassed } from '../transport/classify-broken-channel.ts'
import type { Connection } from '../transport/transport.ts'
import type { Emit } from '../events/event.ts'
import type { Secrets } from './stack-key.ts'

export interface ObserveOptions {
  readonly stack: Stack
  readonly components: readonly Component[]
  readonly connect: (server: Server) => Promise<Connection>
  /** Checks the signature of copies of the stack state. */
  readonly secrets: Secrets
  readonly emit: Emit
  /** How long to wait for an apply that runs on a server, in seconds; as long as for a plan, unless stated. */
  readonly patienceSeconds?: number
  /** Whether servers also check what nothing uses now, which takes longer. */
  readonly isThorough?: boolean
  /** A server that takes longer counts as unreachable. Unless stated, the connection decides. */
  readonly answerWithinSeconds?: number
}

/**
 * The context, besides the server, with which blueprints are rendered for asking. It decides only contents. With this stack state,
 * a blueprint has all resources that may ever be wanted.
 */
const assumedFor = ({ name }: Server): Omit<ServerContext, 'stack' | 'server'> => ({
  facts: {
    cores: 1,
    memoryBytes: 1024 ** 3,
    networkInterface: 'eth0',
    architecture: 'amd64',
    sshPorts: [22],
    addresses: [],
  },
  secret: () => '',
  appSecrets: {},
  pages: {},
  stackState: fullStackState(name),
})

/**
 * Asks all servers at once, one round trip each. A server that does not answer is named, and does not delay the others.
 */
export async function observe(servers: readonly Server[], options: ObserveOptions): Promise<Answers> {
  const answers = await Promise.all(servers.map((server) => observeInTime(server, options)))
  return new Map(servers.map((server, position) => [server.name, answers[position]!]))
}

async function observeInTime(server: Server, options: ObserveOptions): Promise<Answer> {
  const { answerWithinSeconds } = options
  if (answerWithinSeconds === undefined) return await observeServer(server, options)
  const late: Answer = { unreachable: `does not answer within ${answerWithinSeconds} s` }
  return await Promise.race([observeServer(server, options), sleep(answerWithinSeconds * 1000, late, { ref: false })])
}

/** How long an answer may take on a busy server once no apply runs there: in total, and for one question. */
const usual = { answerSeconds: 30, silenceSeconds: 10 }
/** The same where all files of all trees are read. */
const thorough = { answerSeconds: 120, silenceSeconds: 60 }

async function observeServer(
  server: Server,
  { stack, components, connect, secrets, emit, patienceSeconds = 90, isThorough = false }: ObserveOptions,
): Promise<Answer> {
  const startedAt = performance.now()
  try {
    const connection = await connect(server)
    const blueprint = blueprintOf(server, stack, components, assumedFor(server))
    const question = { blueprint, components, stack, mark: randomBytes(16).toString('hex'), isThorough }
    const script = queryServer(question, patienceSeconds)
    const stdout = await ask(connection, script, { server, patienceSeconds, mark: question.mark, isThorough, emit })
    const observation = readOrRefuse(stdout, question, sealOf(stack, secrets))
    if ('refused' in observation) {
      emit({ type: 'unreachable', server: server.name, why: observation.refused })
      return { unreachable: observation.refused }
    }
    emit({ type: 'observed', server: server.name, milliseconds: performance.now() - startedAt })
    return observation
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    const { what, why = what, next } = error.facts
    if (turnsUsAway.has(error.code) && next !== undefined) {
      return { unreachable: why, refused: { what: what.replace(`${server.name} `, ''), next } }
    }
    emit({ type: 'unreachable', server: server.name, why })
    return { unreachable: why }
  }
}

/** An answer that our code fails on excludes only the server that gave it: the command goes on with the others. */
function readOrRefuse(...words: Parameters<typeof readServer>): ReturnType<typeof readServer> {
  try {
    return readServer(...words)
  } catch (error) {
    return { refused: `its answer cannot be read: ${(error as Error).message}` }
  }
}

interface Asking extends Required<Pick<ObserveOptions, 'patienceSeconds' | 'isThorough' | 'emit'>> {
  readonly server: Server
  readonly mark: string
}

/** Waits as long as the server reports that an apply runs; after that it has to answer in time. */
async function ask(connection: Connection, script: Shell, asking: Asking): Promise<string> {
  const { server, patienceSeconds, mark, isThorough, emit } = asking
  const { answerSeconds, silenceSeconds } = isThorough ? thorough : usual
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(deadlinePassed(server, answerSeconds)), answerSeconds * 1000)
  let waited = 0
  const onLine = (line: string): void => {
    if (line !== waitingLine(mark)) return
    timer.refresh()
    waited += 1
    const text = `${server.name} still runs an earlier command: waiting for it`
    if (waited === 3) emit({ type: 'note', level: 'info', text })
  }
  const deadlineSeconds = patienceSeconds + answerSeconds
  try {
    const options = { onLine, silenceSeconds, deadlineSeconds, signal: late.signal }
    return (await connection.run(script.text, options)).stdout
  } finally {
    clearTimeout(timer)
  }
}

/** A wrong key, a changed host key, no root rights, no shell: waiting does not help. */
const turnsUsAway: ReadonlySet<FailureCode> = new Set<FailureCode>(['TRI-SSH-002', 'TRI-SSH-003', 'TRI-SSH-007'])

/** The blueprint of a member of the stack; an empty one for a server that left it. */
export function blueprintOf(
  server: Server,
  stack: Stack,
  components: readonly Component[],
  context: Omit<ServerContext, 'stack' | 'server'>,
): Blueprint {
  const isMember = stack.servers.some(({ name }) => name === server.name)
  if (!isMember) return emptyBlueprint(server)
  return createBlueprint(components, { ...context, stack, server, facts: sized(context.facts, server) })
}

/** The blueprint of a server that leaves; `before` is the stack with it. */
export const leavingBlueprintOf = (
  server: Server,
  before: Stack,
  components: readonly Component[],
  context: Omit<ServerContext, 'stack' | 'server'>,
): Blueprint => leavingBlueprint(components, { ...context, stack: before, server, facts: sized(context.facts, server) })

/** A stated size wins over what the server reports: inside a lab server the computer's whole memory shows. */
function sized(facts: ServerFacts, { size }: Server): ServerFacts {
  return {
    ...facts,
    ...(size?.cores !== undefined && { cores: size.cores }),
    ...(size?.memoryBytes !== undefined && { memoryBytes: size.memoryBytes }),
  }
}

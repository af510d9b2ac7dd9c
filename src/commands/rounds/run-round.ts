import { type EventLog, openEventLog } from '../../engine/event-log.ts'
import { TrimaranError } from '../../errors/failure.ts'
import { isObservation } from '../../observation/observation.ts'
import { nameRelease } from '../../release/name-release.ts'
import { isDrained, type RollingOperation } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import { rollingOrder } from '../../status/rolling-order.ts'
import { summarise } from '../../status/summarise.ts'
import { ask } from '../../ui/ask.ts'
import { formatDuration } from '../../ui/format-duration.ts'
import { createOutput, type Output } from '../../ui/output.ts'
import { interruption } from '../interruption.ts'
import { openSession } from '../../operations/session/open-session.ts'
import { type Planned, planStack } from '../../operations/change/plan-stack.ts'
import type { Session } from '../../operations/session/session.ts'
import { cutOff, differs, interrupted, nobodyNamed } from '../../operations/rolling/failures.ts'
import type { RoundFlags, RoundVerb } from './round.ts'
import { refuseAlone, takeTurn } from './take-turn.ts'
import { serversIn } from '../../operations/rolling/servers-in.ts'

/**
 * A rolling operation: each server is drained, worked on, well again and back in service before the next one. Who is done
 * stands in the stack state, so that the same command, run again, goes on where one was cut off.
 */
export async function runRound(flags: RoundFlags, verb: RoundVerb, words: readonly string[]): Promise<void> {
  const began = performance.now()
  const log = { current: undefined as EventLog | undefined }
  const output = createOutput(flags.json, (event) => log.current?.write(event))
  const session = await openSession(flags, 'find', output.tell)
  const planned = await planStack(session, { firstRelease: await nameRelease({ folder: session.folder }) }, output.tell)
  const found = await findRound(session, planned, verb, words, output)
  if (found === undefined) return
  const begun = found.servers.filter(
    ({ name }) => isDrained(planned.stackState, name) && !found.rolling.aside.includes(name),
  )
  refuseAlone(found.servers, begun, session, planned, flags.anyway)
  const rest = found.servers.filter((server) => !begun.includes(server))
  const servers = [...begun, ...rollingOrder(rest, summarise(session.stack, planned.answers))]
  const names = servers.map(({ name }) => name)
  output.print(tellOrder(verb, names, output))
  output.printJson({ type: 'round', verb: verb.verb, servers: names, drainedBefore: found.rolling.aside })
  if (!flags.yes && !(await ask(`${verb.deed} ${names.length === 1 ? names[0] : `these ${names.length} servers`}?`))) {
    output.print('Nothing was changed.')
    return
  }
  log.current = await openEventLog(session.stateFolder, verb.verb)
  const signal = interruption()
  let { rolling } = found
  for (const [position, server] of servers.entries()) {
    const isLast = position === servers.length - 1
    try {
      if (signal.aborted) throw interrupted()
      await takeTurn(server, { session, output, verb, rolling, isLast, flags, signal })
    } catch (error) {
      if (!(error instanceof TrimaranError)) throw error
      await log.current.close(true)
      throw cutOff(error, verb.verb, server.name, rolling, servers.slice(position + 1))
    }
    rolling = { ...rolling, done: [...rolling.done, server.name] }
  }
  await log.current.close(true)
  const milliseconds = performance.now() - began
  const time = output.tone.dim(`  ${formatDuration(milliseconds)}`)
  output.print(
    `${output.tone.green('✔')} ${names.length === 1 ? `${names[0]} was` : `${names.length} servers were`} ${verb.done}${time}`,
  )
  output.printJson({ type: 'done', verb: verb.verb, servers: names, milliseconds })
}

interface Round {
  readonly rolling: RollingOperation
  /** Those that are still to come. */
  readonly servers: readonly Server[]
}

/** The rolling operation that was cut off, or a new one; none where no server needs it. */
async function findRound(
  session: Session,
  { stackState, plan, answers }: Planned,
  { verb, choose }: RoundVerb,
  words: readonly string[],
  output: Output,
): Promise<Round | undefined> {
  const { stack } = session
  const pending = stackState.rolling?.verb === verb ? stackState.rolling : undefined
  if (pending === undefined && words.length === 0) throw nobodyNamed(verb, stack)
  if (pending === undefined && plan.waves.length > 0) throw differs(verb)
  const named =
    pending === undefined ? serversIn(stack, words) : stack.servers.filter(({ name }) => pending.servers.includes(name))
  const due = named.filter(({ name }) => pending?.done.includes(name) !== true)
  const alive = due.filter(({ name }) => isObservation(answers.get(name) ?? { unreachable: '' }))
  for (const { name } of due.filter((server) => !alive.includes(server)))
    output.print(`${output.tone.yellow('!')} ${name} is unreachable: it does not answer`)
  if (pending !== undefined) {
    output.print(
      `Goes on with the ${verb} that was cut off: ${pending.done.length} of ${pending.servers.length} servers are done`,
    )
    return { rolling: pending, servers: alive }
  }
  const servers = choose === undefined ? alive : await choose(session, alive, output)
  if (servers.length === 0) return undefined
  const names = servers.map(({ name }) => name)
  return {
    rolling: { verb, servers: names, done: [], aside: names.filter((name) => stackState.drained.includes(name)) },
    servers,
  }
}

function tellOrder({ deed }: RoundVerb, names: readonly string[], { tone }: Output): string {
  const list = tone.bold(names.join(', '))
  return names.length === 1
    ? `${deed}: ${list}`
    : `${deed}, one after the other: ${list}\n${tone.dim('Each is drained first, and the next one waits until it is well and back in service.')}`
}

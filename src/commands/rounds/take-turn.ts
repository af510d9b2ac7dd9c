import { setTimeout as sleep } from 'node:timers/promises'
import { components } from '../../components/index.ts'
import { awaitWell } from '../../engine/await-well.ts'
import type { EventBody, Tell } from '../../events/event.ts'
import { failure, TrimaranError } from '../../errors/failure.ts'
import { changeStackState, isDrained, type StackState, type RollingOperation } from '../../stack/stack-state.ts'
import { peersOf, type Server } from '../../stack/stack.ts'
import { summarise } from '../../status/summarise.ts'
import { formatDuration } from '../../ui/format-duration.ts'
import type { Output } from '../../ui/output.ts'
import { changeStack } from '../../operations/change/change-stack.ts'
import {
  drainedState,
  checkWish,
  undrainedState,
  waitUntilFree,
  waitUntilUsed,
} from '../../operations/service/drain-server.ts'
import type { Intent, Planned } from '../../operations/change/plan-stack.ts'
import type { Session } from '../../operations/session/session.ts'
import type { Phase, RoundFlags, RoundVerb } from './round.ts'

export interface TurnContext {
  readonly session: Session
  readonly output: Output
  readonly verb: RoundVerb
  readonly rolling: RollingOperation
  readonly isLast: boolean
  readonly flags: RoundFlags
  readonly signal: AbortSignal
}

/**
 * One server's step. One that an operator drained before stays drained, and the last one that serves a tier is worked on as it
 * is: nobody could serve in its place.
 */
export async function takeTurn(server: Server, context: TurnContext): Promise<void> {
  const { session, output, verb, rolling, isLast } = context
  const { name } = server
  const phase = phaseOf(server, output)
  const wasAside = rolling.aside.includes(name)
  const next = isLast ? undefined : { ...rolling, done: [...rolling.done, name] }
  let isAlone = false
  await phase(
    'is drained',
    async () => {
      await change(
        server,
        context,
        'begin',
        (current, answers) => {
          isAlone = !peersServe(server, session, answers)
          const stackState = withRolling(current, rolling)
          return wasAside || isAlone ? stackState : drainedState(name)(stackState, answers)
        },
        (planned) => {
          if (!wasAside && !isAlone) checkWish(server, planned, session, context.flags.anyway)
        },
      )
      return wasAside || isAlone ? undefined : waitUntilFree(session, server, quietly(output), context.flags.anyway)
    },
    (freed) => {
      if (freed === undefined) return wasAside ? 'was drained before' : 'is the only one that serves: not drained'
      const open = freed.left + freed.cut
      return open === 0 ? 'drained' : `drained, ${open} still open`
    },
  )
  await verb.work({ session, server, phase })
  await phase(
    'gets well',
    () => becomeWell(server, session),
    () => 'well again',
  )
  await phase(
    'is put back',
    async () => {
      await change(server, context, 'end', (current) => {
        const stackState = withRolling(current, next)
        return wasAside ? stackState : undrainedState(name)(stackState)
      })
      if (wasAside) return
      await waitUntilUsed(session, server, () => {})
    },
    () => (wasAside ? 'stays drained' : 'back in service'),
  )
}

/**
 * Refuses what visitors would notice, before anything begins. `begun` are those whose step was cut off: they are back in
 * service before the next one begins.
 */
export function refuseAlone(
  servers: readonly Server[],
  begun: readonly Server[],
  session: Session,
  { answers, stackState }: Planned,
  anyway: boolean,
): void {
  const alone = servers.filter(
    (server) =>
      !isDrained(stackState, server.name) &&
      !begun.some(({ tier }) => tier === server.tier) &&
      !peersServe(server, session, answers),
  )
  if (anyway || alone.length === 0) return
  const names = alone.map(({ name }) => name)
  throw failure('TRI-DRAIN-001', {
    what: `Visitors would notice: nobody serves in place of ${names.join(', ')}`,
    state: 'nothing was changed',
    next: 'name the other servers only, raise the number of servers of that tier, or say `--anyway`',
  })
}

function peersServe(server: Server, { stack }: Session, answers: Planned['answers']): boolean {
  const { servers } = summarise(stack, answers)
  return peersOf(stack, server).some(({ name }) =>
    servers.some((one) => one.name === name && (one.state === 'well' || one.state === 'degraded')),
  )
}

const withRolling = (current: StackState, rolling: RollingOperation | undefined): StackState => {
  if (JSON.stringify(current.rolling) === JSON.stringify(rolling)) return current
  const { rolling: _before, ...rest } = current
  return changeStackState({ ...rest, ...(rolling && { rolling }) }, {})
}

/** What is not quite well just now, such as a replica that has only begun to follow, gets a while to become so. */
const patienceSeconds = 90

async function change(
  server: Server,
  { session, output, verb, signal }: TurnContext,
  moment: 'begin' | 'end',
  newState: NonNullable<Intent['newState']>,
  check?: (planned: Planned) => void,
): Promise<void> {
  const deadline = performance.now() + patienceSeconds * 1000
  for (;;) {
    try {
      await changeStack(
        session,
        { verb: verb.verb, about: () => server.name, newState, ...(check && { check }) },
        {
          tell: quietly(output),
          show: () => {},
          confirm: () => Promise.resolve(true),
          ...(moment === 'begin' && { signal }),
        },
      )
      return
    } catch (error) {
      const mayPass = error instanceof TrimaranError && ['TRI-DRAIN-001', 'TRI-PLAN-002'].includes(error.code)
      if (!mayPass || signal.aborted || performance.now() > deadline) throw error
      await sleep(2000)
    }
  }
}

const troubles: ReadonlySet<EventBody['type']> = new Set(['step-failed', 'rolled-back', 'server-failed', 'note'])

/** Programs hear everything; a person hears of trouble, and sees each phase in a line. */
const quietly =
  ({ json, tell }: Output): Tell =>
  (event) => {
    if (json || troubles.has(event.type)) tell(event)
  }

function phaseOf({ name }: Server, output: Output): Phase {
  return async (doing, work, done) => {
    const began = performance.now()
    if (!output.json && process.stderr.isTTY) output.tell({ type: 'stage', name: `${name} ${doing}` })
    const result = await work()
    const milliseconds = performance.now() - began
    const said = done(result)
    output.printJson({ type: 'phase', server: name, phase: said, milliseconds })
    output.print(`${output.tone.green('✔')} ${name}  ${said}${output.tone.dim(`  ${formatDuration(milliseconds)}`)}`)
    return result
  }
}

async function becomeWell(server: Server, { stack, connect, secrets }: Session): Promise<void> {
  const unwell = await awaitWell(server, { stack, components, connect, secrets })
  if (unwell.length === 0) return
  throw failure('TRI-ROLL-003', {
    what: `${server.name} did not get well`,
    why: unwell.join('\n'),
    next: `put it right: \`trimaran status\`, \`trimaran logs ${server.name}\``,
  })
}

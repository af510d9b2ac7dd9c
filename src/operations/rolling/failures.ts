import { failure, type TrimaranError } from '../../errors/failure.ts'
import { changesOf, type Plan, stepsOf } from '../../plan/plan.ts'
import type { RollingOperation } from '../../stack/stack-state.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The failure of a step, or of the look after it, with the state that it left and how to go on. */
export function cutOff(
  { code, facts }: TrimaranError,
  verb: RollingOperation['verb'],
  server: string,
  { done }: RollingOperation,
  notBegun: readonly Server[],
) {
  const wasInterrupted = code === 'TRI-STOP-001'
  const later = notBegun.map(({ name }) => name)
  const isDone = done.includes(server)
  const left = isDone ? later : [server, ...later]
  const [next] = left
  // Before the first server is done, the stack state may not know of the operation: its servers are named again.
  const again = trimaran(done.length > 0 ? verb : [verb, ...left].join(' '))
  const state = [
    ...(facts.state === undefined || isDone ? [] : [facts.state]),
    ...(done.length > 0 ? [`done: ${done.join(', ')}`] : []),
    ...(isDone ? [] : [`${server} is not done; if it was drained for this, it stays drained`]),
    ...(later.length > 0 ? [`not begun: ${later.join(', ')}`] : []),
  ]
  const first = facts.next === undefined || wasInterrupted ? [] : [facts.next]
  const then = next === undefined ? [] : [`${again} goes on with ${next}`]
  return failure('TRI-ROLL-001', {
    what: `The ${verb} stopped ${isDone ? 'after' : 'at'} ${server}: ${wasInterrupted ? 'it was interrupted' : facts.what}`,
    ...(facts.why !== undefined && { why: facts.why }),
    state: state.join('\n'),
    next: [...first, ...then].join('; then '),
    details: { server, done, notBegun: later },
  })
}

/** How many servers are named, and how many differences of each. */
const told = { servers: 5, things: 3 } as const

export const differs = (verb: RollingOperation['verb'], plan: Plan) =>
  failure('TRI-ROLL-002', {
    what: 'The servers are not as the file says',
    why: [
      ...formatDifferences(plan),
      `${/^[aeiou]/.test(verb) ? 'an' : 'a'} ${verb} must not apply other changes`,
    ].join('\n'),
    state: 'nothing was changed',
    next: `look at ${trimaran('plan')}, run ${trimaran('up')}, then this again`,
  })

/** `app-1: /etc/trimaran/app.env, app` */
function formatDifferences(plan: Plan): readonly string[] {
  const byServer = [...Map.groupBy(changesOf(plan), ({ server }) => server.name)]
  const rows = byServer.slice(0, told.servers).map(([server, changes]) => {
    const names = [...new Set(changes.flatMap(stepsOf).map(({ name }) => name))]
    const more = names.length > told.things ? [`${names.length - told.things} more`] : []
    return `${server}: ${[...names.slice(0, told.things), ...more].join(', ')}`
  })
  const others = byServer.length - rows.length
  return others > 0 ? [...rows, `and on ${others} more`] : rows
}

export const nobodyNamed = (verb: RollingOperation['verb'], { servers }: Pick<Stack, 'servers'>) =>
  failure('TRI-SERVER-001', {
    what: `Which servers? No ${verb} was cut off that could go on`,
    why: `servers: ${servers.map(({ name }) => name).join(', ')}`,
    next: `name servers, a tier, or all: ${trimaran(`${verb} all`)}`,
  })

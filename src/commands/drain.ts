import { buildCommand } from '@stricli/core'
import type { Freed } from '../engine/await-drained.ts'
import { isObservation } from '../observation/observation.ts'
import type { Server } from '../stack/stack.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { drainedState, checkWish, waitUntilFree } from '../operations/service/drain-server.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { type Changed, runChange } from './run-change.ts'
import { oneServer } from '../operations/session/session.ts'

export interface DrainFlags extends ChangeFlags {
  readonly anyway: boolean
}

/** For verbs that take servers out of service. */
export const anywayFlag = {
  anyway: {
    kind: 'boolean',
    brief: 'Even if visitors will notice: the last server of a tier, or one of a tier that is not well',
    default: false,
    withNegated: false,
  },
} as const

export const drain = buildCommand({
  docs: { brief: 'Take a server out of service, and wait until it is free to be worked on' },
  parameters: {
    flags: { ...changeFlags, ...anywayFlag },
    positional: { kind: 'tuple', parameters: [{ brief: 'A server', parse: String, placeholder: 'server' }] },
  },
  func: async (flags: DrainFlags, name: string) => {
    const began = performance.now()
    let notes: readonly string[] = []
    const changed = await runChange(flags, {
      verb: 'drain',
      lab: 'find',
      question: () => `Drain ${name}?`,
      about: () => name,
      newState: drainedState(name),
      check: (planned, session) => {
        notes = checkWish(oneServer(session.stack, name), planned, session, flags.anyway)
      },
    })
    if (changed.outcome === 'declined') return
    const { session, output, planned } = changed
    const server = oneServer(session.stack, name)
    const answer = planned.answers.get(name)
    const isAlive = answer !== undefined && isObservation(answer)
    const freed = isAlive ? await waitUntilFree(session, server, output.tell, flags.anyway) : nothingThere
    const milliseconds = performance.now() - began
    output.printJson({ type: 'drained', server: name, milliseconds, isAlive, ...freed, notes })
    output.print(tell(changed, server, { isAlive, freed, notes, milliseconds }))
  },
})

const nothingThere: Freed = { left: 0, cut: 0, callers: [] }

interface Outcome {
  readonly isAlive: boolean
  readonly freed: Freed
  readonly notes: readonly string[]
  readonly milliseconds: number
}

function tell(
  { output: { tone }, outcome }: Changed,
  { name }: Server,
  { isAlive, freed, notes, milliseconds }: Outcome,
) {
  const { left, cut, callers } = freed
  const isFree = left === 0 && callers.length === 0
  const head = !isAlive
    ? `${name} is drained; it is unreachable, and the other servers exclude it when it comes back`
    : isFree
      ? `${name} is ${outcome === 'nothing' ? 'drained already, and ' : 'drained and '}free: you may stop, restart or unplug it`
      : `${name} is drained, and not free yet`
  return [
    `${isFree ? tone.green('✔') : tone.yellow('!')} ${head}${tone.dim(`  ${formatDuration(milliseconds)}`)}`,
    ...(cut > 0
      ? [`  ${cut} open ${cut === 1 ? 'connection was' : 'connections were'} cut off when their time was up`]
      : []),
    ...(left > 0 ? [`  ${left} ${left === 1 ? 'is' : 'are'} still open there, and would be cut off now`] : []),
    ...callers.map((caller) => `  ${caller} still sends requests there: \`trimaran status\` says how it fares`),
    ...notes.map((note) => `  ${note}`),
    tone.dim(`  It stays out of service, also when it starts again, until \`trimaran undrain ${name}\``),
  ].join('\n')
}

import { buildCommand } from '@stricli/core'
import type { Tell } from '../events/event.ts'
import { forgetKnownServer } from '../engine/known-servers.ts'
import { failure } from '../errors/failure.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { changeStackState, type StackState } from '../stack/stack-state.ts'
import type { Server } from '../stack/stack.ts'
import { servesAnywhere } from '../status/cut-off.ts'
import { ask } from '../ui/ask.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { createOutput } from '../ui/output.ts'
import { anywayFlag, type DrainFlags } from './drain.ts'
import { undrainedState, waitUntilUsed } from '../operations/service/drain-server.ts'
import { type EditedConfig, unedited } from '../operations/config/edit-config.ts'
import { editDestination } from '../operations/config/edit-destination.ts'
import { changeFlags } from './flags.ts'
import { removeFromLab } from '../operations/session/lab-servers.ts'
import { findPreviousHost, type PreviousHost } from '../operations/service/previous-host.ts'
import { openSession } from '../operations/session/open-session.ts'
import { type Changed, runChange } from './run-change.ts'
import {
  oneServer,
  openProject,
  type Project,
  type Session,
  stackOf,
  withRemovedServer,
  whereOf,
} from '../operations/session/session.ts'

export const replace = buildCommand({
  docs: {
    brief: "Give a server's place to another machine",
    fullDescription: [
      'For a machine that is dead, or is to go: trimaran replace db-2 root@10.0.0.47',
      'One that lives steps aside, finishes what it has, and is cleared first. The new one gets all that the old one had, and',
      'a database server its data from the others. Without a destination the machine that now answers at the old one is taken;',
      'in a lab, a new one is made.',
    ].join('\n'),
  },
  parameters: {
    flags: { ...changeFlags, ...anywayFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'A server', parse: String, placeholder: 'server' },
        {
          brief: 'The SSH destination of the new machine; it is written into the config',
          parse: String,
          placeholder: 'destination',
          optional: true,
        },
      ],
    },
  },
  func: async (flags: DrainFlags, name: string, destination?: string) => {
    const began = performance.now()
    const output = createOutput(flags.json)
    const project = await openProject(flags)
    const edited = await writeDestination(flags, project, name, destination)
    const found = await findOrPutBack(edited, async () => {
      const session = await openSession(flags, 'find', output.tell)
      const server = oneServer(session.stack, name)
      const old = await findPreviousHost(server, session, flags.anyway)
      if (!flags.lab && old.isAlive && !old.isElsewhere) throw sameMachine(server)
      return { session, server, old, isWanted: flags.yes || (await ask(tellWish(server, old))) }
    })
    const { session, server, old } = found
    if (!found.isWanted) {
      edited.putBack()
      output.print('Nothing was changed.')
      return
    }
    edited.keep()
    const { session: now } = await exchange(flags, project, session, old, output.tell)
    await waitUntilUsed(now, oneServer(now.stack, name), output.tell)
    const milliseconds = performance.now() - began
    output.printJson({ type: 'replaced', server: name, milliseconds, wasAlive: old.isAlive })
    const time = output.tone.dim(`  ${formatDuration(milliseconds)}`)
    output.print(
      [`${output.tone.green('✔')} ${name} is a new machine, in service${time}`, ...tellRest(server, old, edited)].join(
        '\n',
      ),
    )
  },
})

/** @throws TRI-USAGE-001; TRI-SERVER-001; TRI-REPLACE-003 */
async function writeDestination(
  flags: DrainFlags,
  project: Project,
  name: string,
  destination: string | undefined,
): Promise<EditedConfig> {
  if (destination === undefined) return unedited
  if (flags.lab)
    throw failure('TRI-USAGE-001', {
      what: 'A lab server has no destination: the lab makes the new machine itself',
      next: `\`trimaran replace ${name} --lab\``,
    })
  const server = oneServer(stackOf(project.config, { kind: 'production', addresses: new Map() }), name)
  // Counts are refused where the session is opened.
  if (typeof project.config[server.tier].servers === 'number') return unedited
  return await editDestination(project, server, destination)
}

/** Whatever ends before the operator has said yes leaves the file as it was. */
async function findOrPutBack<T>(edited: EditedConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    edited.putBack()
    throw error
  }
}

const sameMachine = ({ name, destination, address }: Server) =>
  failure('TRI-USAGE-001', {
    what: `${destination} (${address}) is the machine that ${name} is already, and it is alive`,
    state: 'nothing was changed',
    next: `name another one: \`trimaran replace ${name} DESTINATION\``,
  })

const tellWish = ({ name, destination }: Server, old: PreviousHost): string => {
  const to = old.isElsewhere ? ` to ${destination}` : ' to a new machine'
  if (old.isAlive) return `Give the place of ${name}${to}? The old one is alive: it steps aside, and is cleared first.`
  return `Give the place of ${name}${old.isUnreachable ? ', which is unreachable,' : ''}${to}?`
}

/**
 * First the one that lives leaves the stack, as if the file had it no more; then the new one comes, as with any `up`. Cut
 * off in between, the next `replace` or `up` goes on.
 */
async function exchange(
  flags: DrainFlags,
  project: Project,
  session: Session,
  old: PreviousHost,
  tell: Tell,
): Promise<Changed> {
  const { name } = old.server
  const verb = `replace ${name}`
  const agreed = { ...flags, yes: true }
  if (old.isAlive)
    await runChange(agreed, { verb, lab: 'find', meant: (opened) => withRemovedServer(opened, old.server) })
  if (session.lab) await removeFromLab(project, name, tell)
  await forgetKnownServer(session.stateFolder, whereOf(session), name)
  return await runChange(agreed, { verb, lab: 'boot', newState: replacedState(name) })
}

/** The new machine does not know that it ran the release command; where another server serves that release, it was run. */
export const replacedState =
  (name: string) =>
  (current: StackState, answers: Answers): StackState => {
    const stackState = undrainedState(name)(current)
    const { commandOn, ...rest } = stackState
    const others = [...answers].flatMap(([other, answer]) => (other !== name && isObservation(answer) ? [answer] : []))
    return commandOn === name && servesAnywhere(others, current) ? changeStackState(rest, {}) : stackState
  }

function tellRest({ name }: Server, old: PreviousHost, { where }: EditedConfig): readonly string[] {
  return [
    ...(where === undefined ? [] : [`  ${where} names it`]),
    ...(old.isUnreachable && old.isElsewhere
      ? [`  Keep the old one off (${old.server.destination}): started again, it would take itself for ${name}`]
      : []),
  ]
}

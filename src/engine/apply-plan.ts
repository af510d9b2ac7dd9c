import { Buffer } from 'node:buffer'
import { TrimaranError } from '../errors/failure.ts'
import type { ComponentChange, Plan, ServerChange, Wave } from '../plan/plan.ts'
import { changesOf, stepsOf } from '../plan/plan.ts'
import { kindOf } from '../resources/kinds.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { askCallers, askOperator, tellVerdict } from './ask-callers.ts'
import { applyScript, type AuditEntry, signal as signalMark } from './apply-script.ts'
import type { EventBody, Emit } from '../events/event.ts'
import { type Archive, gatherPayloads, type Payload } from './gather-payloads.ts'
import { requireRoom } from './require-room.ts'
import { sendPayloads } from './send-payloads.ts'

export interface ApplyOptions {
  readonly connect: (server: Server) => Promise<Connection>
  /** All servers of the stack: the callers of a server that changes are asked whether they reach it. */
  readonly servers?: readonly Server[]
  /** Called before the old version is removed for good: why visitors are not served, or nothing where they are. */
  readonly findUnserved?: () => Promise<string | undefined>
  /** Called once for each name, before any server is changed. */
  readonly payload: Payload
  readonly audit: AuditEntry
  readonly emit: Emit
  readonly signal?: AbortSignal
}

export interface ApplyResult {
  readonly ok: boolean
  /** Servers whose change failed and was rolled back, or that were lost on the way. */
  readonly failed: readonly string[]
  /** The failure of each of those servers. */
  readonly failures: readonly Failed[]
  /** Why visitors were not served although every server succeeded. */
  readonly unserved?: string
  /** The changes that were applied and not rolled back, in their order. */
  readonly applied: readonly ServerChange[]
  /** True where everything that can be rolled back had succeeded before. */
  readonly isPastReturn: boolean
  /** Waves that were not begun because an earlier one failed. */
  readonly waiting: readonly Wave[]
}

export interface Failed {
  readonly server: string
  /** The step that failed, and what it said; absent where the server was lost, or could not even begin. */
  readonly step?: StepName
  readonly output: string
  /** True where the connection broke, or could not be opened: it is unknown what was done there. */
  readonly isLost: boolean
  /** The component that was rolled back there, and whether that succeeded. */
  readonly rolledBack?: { readonly component: string; readonly isRestored: boolean }
}

type StepName = Extract<EventBody, { type: 'step-failed' }>['step']

/** How a server's change ended: what was applied, and what failed. */
interface Ended {
  readonly applied: ServerChange
  readonly failed?: Failed
}

/** The longest that one server may take, unless a step may take longer: enough for all packages over a slow line. */
const serverDeadlineSeconds = 900

interface Applying extends Omit<ApplyOptions, 'payload'> {
  readonly archives: ReadonlyMap<string, Archive>
}

/**
 * Walks a plan wave by wave. After a wave in which a server failed it stops: later waves depend on it. Throws, with no
 * server changed, when an archive cannot be built or downloaded.
 */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<ApplyResult> {
  const { signal } = options
  const needed = new Set(
    changesOf(plan)
      .flatMap(stepsOf)
      .flatMap(({ payload }) => payload ?? []),
  )
  const isStopped = (): boolean => signal?.aborted === true
  const archives = await gatherPayloads([...needed], options.payload).catch((error: unknown) => {
    if (!isStopped()) throw error
  })
  if (archives === undefined || isStopped())
    return { ok: false, failed: [], failures: [], applied: [], isPastReturn: false, waiting: plan.waves }
  await requireRoom(plan, { ...options, archives })
  try {
    return await walk(plan, { ...options, archives })
  } finally {
    await Promise.all([...archives.values()].map(async ({ contents }) => await contents?.forget()))
  }
}

async function walk({ waves }: Plan, applying: Applying): Promise<ApplyResult> {
  const { emit, signal } = applying
  const all = waves.flatMap(({ changes }) => changes)
  const isStopped = (): boolean => signal?.aborted === true
  const startedAt = performance.now()
  const steps = all.flatMap(stepsOf).length
  emit({
    type: 'apply-started',
    servers: [...new Set(all.map(({ server }) => server.name))],
    steps,
    waves: waves.length,
  })
  const applied: ServerChange[] = []
  for (const [index, wave] of waves.entries()) {
    const names = wave.changes.map(({ server }) => server.name)
    const unserved = wave.isLast === true ? await applying.findUnserved?.() : undefined
    if (unserved !== undefined) {
      emit({ type: 'apply-done', ok: false, steps, milliseconds: performance.now() - startedAt })
      return {
        ok: false,
        failed: [],
        failures: [],
        unserved,
        applied,
        isPastReturn: false,
        waiting: waves.slice(index),
      }
    }
    emit({ type: 'wave-started', wave: index + 1, title: wave.title, servers: names })
    const done = await Promise.all(wave.changes.map((change) => applyChange(change, applying)))
    applied.push(...done.map((one) => one.applied).filter(({ changes }) => changes.length > 0))
    const failures = done.flatMap((one) => one.failed ?? [])
    const failed = failures.map(({ server }) => server)
    if (failed.length > 0 || isStopped()) {
      await endWhatBegan(waves, index, applying)
      emit({ type: 'apply-done', ok: false, steps, milliseconds: performance.now() - startedAt })
      const isPastReturn = wave.isLast === true
      return { ok: false, failed, failures, applied, isPastReturn, waiting: waves.slice(index + 1) }
    }
  }
  emit({ type: 'apply-done', ok: true, steps, milliseconds: performance.now() - startedAt })
  return { ok: true, failed: [], failures: [], applied, isPastReturn: true, waiting: [] }
}

/** After a failed wave: ends what an earlier wave began, such as a pause of requests. */
async function endWhatBegan(waves: readonly Wave[], failed: number, options: Applying): Promise<void> {
  const ending = waves.filter(({ ends = 0 }, index) => failed < index && failed >= index - ends)
  await Promise.all(ending.flatMap(({ changes }) => changes).map((change) => applyChange(change, options)))
}

async function applyChange(change: ServerChange, options: Applying): Promise<Ended> {
  const { server } = change
  const { emit } = options
  const startedAt = performance.now()
  const nothing = { ...change, changes: [] }
  try {
    const connection = await options.connect(server)
    await sendPayloads(change, connection, options)
    const listener = listen(change, options, connection)
    const script = applyScript(change, options.audit).text
    // Without the signal: steps that have begun are finished, and their events received.
    const deadlines = stepsOf(change).map(({ kind }) => kindOf(kind).deadlineSeconds ?? 0)
    const deadlineSeconds = Math.max(serverDeadlineSeconds, ...deadlines)
    const result = await connection.run(script, { onLine: listener.onLine, deadlineSeconds })
    if (result.code === 0) {
      emit({ type: 'server-done', server: server.name, milliseconds: performance.now() - startedAt })
      return { applied: change }
    }
    const stumble = listener.failed()
    const why =
      stumble !== undefined
        ? `a step failed and ${stumble.rolledBack?.isRestored === true ? 'was' : 'could not be'} rolled back`
        : lastLineOf(result.stderr) || `the script ended with ${result.code}`
    emit({ type: 'server-failed', server: server.name, why })
    const failed = { server: server.name, output: why, isLost: false, ...stumble }
    return { applied: listener.standing(), failed }
  } catch (error) {
    if (!(error instanceof TrimaranError)) {
      // Only the upload of archives ends with the signal: nothing was changed there.
      if (options.signal?.aborted !== true) throw error
      emit({ type: 'server-failed', server: server.name, why: 'not begun: the command was interrupted' })
      return { applied: nothing }
    }
    const { what, why, next } = error.facts
    const lines = [what, why, next === undefined ? undefined : `→ ${next}`]
    const said = lines.filter((line) => line !== undefined).join('\n')
    emit({ type: 'server-failed', server: server.name, why: said })
    return { applied: nothing, failed: { server: server.name, output: what, isLost: error.code.startsWith('TRI-SSH') } }
  }
}

/** Turns the output of the script into events. */
function listen(
  change: ServerChange,
  options: Applying,
  connection: Connection,
): {
  readonly onLine: (line: string) => void
  readonly failed: () => Pick<Failed, 'step' | 'output' | 'rolledBack'> | undefined
  /** The components that were done before one failed. */
  readonly standing: () => ServerChange
} {
  const { emit } = options
  const server = change.server.name
  const numbered = change.changes.flatMap(nameSteps)
  const steps = stepsOf(change)
  const look = async (index: number): Promise<void> => {
    const wanted = steps[index]?.look
    if (wanted === undefined) return
    const verdict = wanted.callers === 'operator' ? await askOperator(connection) : await askCallers(wanted, options)
    if (verdict.is === 'unknown')
      emit({
        type: 'note',
        level: 'warning',
        text: `no caller of ${server} could say whether it reaches it\n${verdict.why}`,
      })
    // If the script does not get the answer, it rolls back by itself.
    await tellVerdict(verdict, connection)
  }
  const tell =
    (level: 'info' | 'warning') =>
    ([words]: readonly string[]): void => {
      const text = Buffer.from(words ?? '', 'base64')
        .toString()
        .trim()
      if (text !== '') emit({ type: 'note', level, text: `${server}: ${text}` })
    }
  let stepStartedAt = 0
  let stepsDone = 0
  let failed: Pick<Failed, 'step' | 'output' | 'rolledBack'> | undefined
  const handlers: Readonly<Record<string, (words: readonly string[]) => void>> = {
    start: ([index]) => {
      stepStartedAt = performance.now()
      emit({ type: 'step-started', server, step: numbered[Number(index)]! })
    },
    look: ([index]) => {
      look(Number(index)).catch((error: unknown) => {
        if (!(error instanceof TrimaranError)) throw error
      })
    },
    done: ([index]) => {
      stepsDone += 1
      const milliseconds = performance.now() - stepStartedAt
      emit({ type: 'step-done', server, step: numbered[Number(index)]!, milliseconds })
    },
    failed: ([index, output]) => {
      const text = Buffer.from(output ?? '', 'base64')
        .toString()
        .trim()
      failed = { step: numbered[Number(index)]!, output: text }
      emit({ type: 'step-failed', server, step: numbered[Number(index)]!, output: text })
    },
    note: tell('warning'),
    waits: tell('info'),
    'rolled-back': ([component = '', restored]) => {
      const isRestored = restored === 'yes'
      // A message about a component that is not in the plan is ignored.
      const isKnown = change.changes.some((one) => one.component === component)
      if (failed !== undefined && isKnown) failed = { ...failed, rolledBack: { component, isRestored } }
      emit({ type: 'rolled-back', server, component, restored: isRestored })
    },
  }
  const onLine = (line: string): void => {
    if (!line.startsWith(signalMark)) return
    const [word = '', ...rest] = line.slice(1).split(' ')
    // A message about a step that is not in the plan is ignored.
    if (
      !Object.hasOwn(handlers, word) ||
      (!['rolled-back', 'note', 'waits'].includes(word) && numbered[Number(rest[0])] === undefined)
    )
      return
    handlers[word]?.(rest)
  }
  const standing = (): ServerChange => {
    const ends = change.changes.map((_, position) => stepsIn(change.changes.slice(0, position + 1)))
    return { ...change, changes: change.changes.filter((_, position) => ends[position]! <= stepsDone) }
  }
  return { onLine, failed: () => failed, standing }
}

const stepsIn = (changes: readonly ComponentChange[]): number => changes.flatMap(({ steps }) => steps).length

const nameSteps = ({ component, steps }: ComponentChange) =>
  steps.map(({ kind, name, action, reason }) => ({ component, kind, name, action, reason }))

const lastLineOf = (text: string): string => text.trim().split('\n').at(-1) ?? ''

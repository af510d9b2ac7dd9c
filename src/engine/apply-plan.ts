import { Buffer } from 'node:buffer'
import { TrimaranError } from '../errors/failure.ts'
import type { ComponentChange, Plan, ServerChange, Wave } from '../plan/plan.ts'
import { stepsOf } from '../plan/plan.ts'
import { inboxFolder, inboxPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { applyScript, type AuditEntry, signal as signalMark } from './apply-script.ts'
import type { Tell } from './event.ts'
import { gatherPayloads, type Payload } from './gather-payloads.ts'

export interface ApplyOptions {
  readonly connect: (server: Server) => Promise<Connection>
  /** Asked once for each name, before any server is changed. */
  readonly payload: Payload
  readonly audit: AuditEntry
  readonly tell: Tell
  readonly signal?: AbortSignal
}

export interface ApplyResult {
  readonly ok: boolean
  /** Servers whose change failed and was taken back, or that were lost on the way. */
  readonly failed: readonly string[]
  /** Waves that were not begun because one before them failed. */
  readonly waiting: readonly Wave[]
}

/** Longest that one server may take: a first installation of all packages over a slow line. */
const serverDeadlineSeconds = 900

interface Applying extends Omit<ApplyOptions, 'payload'> {
  readonly archives: ReadonlyMap<string, string>
}

/**
 * Walks a plan wave by wave. A wave in which a server failed is the last one: what comes after relies on it. Throws, with
 * no server changed, when something that it needs cannot be built or downloaded.
 */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<ApplyResult> {
  const { tell, signal } = options
  const all = plan.waves.flatMap(({ changes }) => changes)
  const needed = new Set(all.flatMap(stepsOf).flatMap(({ payload }) => payload ?? []))
  const archives = await gatherPayloads([...needed], options.payload).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error
  })
  if (archives === undefined) return { ok: false, failed: [], waiting: plan.waves }
  const applying = { ...options, archives }
  const startedAt = performance.now()
  const steps = all.flatMap(stepsOf).length
  tell({
    type: 'apply-started',
    servers: [...new Set(all.map(({ server }) => server.name))],
    steps,
    waves: plan.waves.length,
  })
  for (const [index, wave] of plan.waves.entries()) {
    const names = wave.changes.map(({ server }) => server.name)
    tell({ type: 'wave-started', wave: index + 1, title: wave.title, servers: names })
    const done = await Promise.all(wave.changes.map((change) => applyChange(change, applying)))
    const failed = names.filter((_, position) => !done[position])
    if (failed.length > 0 || signal?.aborted === true) {
      await endWhatBegan(plan.waves, index, applying)
      tell({ type: 'apply-done', ok: false, steps, milliseconds: performance.now() - startedAt })
      return { ok: false, failed, waiting: plan.waves.slice(index + 1) }
    }
  }
  tell({ type: 'apply-done', ok: true, steps, milliseconds: performance.now() - startedAt })
  return { ok: true, failed: [], waiting: [] }
}

/** After a wave that failed: what an earlier one began, such as holding requests back, is ended all the same. */
async function endWhatBegan(waves: readonly Wave[], failed: number, options: Applying): Promise<void> {
  const ending = waves.filter(({ ends = 0 }, index) => failed < index && failed >= index - ends)
  await Promise.all(ending.flatMap(({ changes }) => changes).map((change) => applyChange(change, options)))
}

async function applyChange(change: ServerChange, options: Applying): Promise<boolean> {
  const { server } = change
  const { tell } = options
  const startedAt = performance.now()
  try {
    const connection = await options.connect(server)
    await sendPayloads(change, connection, options)
    const listener = listen(change, options)
    const script = applyScript(change, options.audit).text
    // Not with the signal: steps that have begun are finished, and heard to their end.
    const result = await connection.run(script, { onLine: listener.onLine, deadlineSeconds: serverDeadlineSeconds })
    if (result.code === 0) {
      tell({ type: 'server-done', server: server.name, milliseconds: performance.now() - startedAt })
      return true
    }
    const why = listener.failed()
      ? 'a step failed and was taken back'
      : lastLineOf(result.stderr) || `the script ended with ${result.code}`
    tell({ type: 'server-failed', server: server.name, why })
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    const { what, why, next } = error.facts
    const lines = [what, why, next === undefined ? undefined : `→ ${next}`]
    tell({ type: 'server-failed', server: server.name, why: lines.filter((line) => line !== undefined).join('\n') })
  }
  return false
}

async function sendPayloads(change: ServerChange, connection: Connection, options: Applying): Promise<void> {
  const names = stepsOf(change).flatMap(({ payload }) => payload ?? [])
  if (names.length === 0) return
  await connection.run(sh`install -d -m 0700 ${inboxFolder}`.text)
  for (const name of names) {
    options.tell({ type: 'note', level: 'info', text: `sending ${name.replaceAll(':', ' ')} to ${change.server.name}` })
    await connection.upload(options.archives.get(name)!, inboxPath(name), options.signal && { signal: options.signal })
  }
}

/** Turns what the script says into events. */
function listen(change: ServerChange, { tell }: Applying): { onLine: (line: string) => void; failed: () => boolean } {
  const server = change.server.name
  const numbered = change.changes.flatMap(nameSteps)
  let stepStartedAt = 0
  let hasFailed = false
  const handlers: Readonly<Record<string, (words: readonly string[]) => void>> = {
    start: ([index]) => {
      stepStartedAt = performance.now()
      tell({ type: 'step-started', server, step: numbered[Number(index)]! })
    },
    done: ([index]) =>
      tell({
        type: 'step-done',
        server,
        step: numbered[Number(index)]!,
        milliseconds: performance.now() - stepStartedAt,
      }),
    failed: ([index, output]) => {
      hasFailed = true
      const text = Buffer.from(output ?? '', 'base64')
        .toString()
        .trim()
      tell({ type: 'step-failed', server, step: numbered[Number(index)]!, output: text })
    },
    'taken-back': ([component, restored]) =>
      tell({ type: 'rolled-back', server, component: component!, restored: restored === 'yes' }),
  }
  const onLine = (line: string): void => {
    if (!line.startsWith(signalMark)) return
    const [word, ...rest] = line.slice(1).split(' ')
    handlers[word!]?.(rest)
  }
  return { onLine, failed: () => hasFailed }
}

const nameSteps = ({ component, steps }: ComponentChange) =>
  steps.map(({ kind, name, action, reason }) => ({ component, kind, name, action, reason }))

const lastLineOf = (text: string): string => text.trim().split('\n').at(-1) ?? ''

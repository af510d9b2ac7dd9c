import type { Manifest } from '../resources/manifest.ts'
import { stackStatePath } from '../blueprint/blueprint.ts'
import { TrimaranError } from '../errors/failure.ts'
import type { ServerChange } from '../plan/plan.ts'
import { sh } from '../shell/sh.ts'
import type { StackState } from '../stack/stack-state.ts'
import { type StackStateSeal, writeStackState } from '../stack/stack-state-copy.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { type AuditEntry, rollBackScript } from './apply-script.ts'
import type { Emit } from '../events/event.ts'

export interface RollBackOptions {
  readonly connect: (server: Server) => Promise<Connection>
  /** The stack state from now on: the one from before, with a number above the one that is rolled back. */
  readonly stackState: StackState
  readonly seal: StackStateSeal
  /** The manifest of each server from before. */
  readonly manifestOf: (server: string) => Manifest
  readonly audit: AuditEntry
  readonly emit: Emit
}

/** The longest that a server may take: its old release still runs, and only needs to get requests again. */
const deadlineSeconds = 300
const mostLetters = 1_000_000
/** How much of a server's output is shown. */
const mostTold = 600

/**
 * Rolls back the changes on all servers at once, and makes the old stack state current again.
 * @returns names of the servers on which that did not succeed.
 */
export async function rollBack(applied: readonly ServerChange[], options: RollBackOptions): Promise<readonly string[]> {
  const waves = [...Map.groupBy(applied, ({ server }) => server.name).values()]
  const done = await Promise.all(waves.map((ofOne) => rollBackOn(ofOne, options)))
  return done.flatMap((name) => name ?? [])
}

async function rollBackOn(
  waves: readonly ServerChange[],
  { connect, stackState, seal, manifestOf, audit, emit }: RollBackOptions,
): Promise<string | undefined> {
  const { server } = waves[0]!
  const after = sh`
    printf '%s' ${writeStackState(stackState, seal)} >${stackStatePath}.new
    chmod 0600 ${stackStatePath}.new
    mv -f ${stackStatePath}.new ${stackStatePath}
  `
  const script = rollBackScript(waves, { audit, after, manifest: manifestOf(server.name) })
  try {
    const connection = await connect(server)
    const { code, stderr } = await connection.run(script.text, { deadlineSeconds, mostLetters })
    if (code === 0) return undefined
    emit({
      type: 'note',
      level: 'warning',
      text: `${server.name} could not be rolled back: ${stderr.trim().slice(0, mostTold)}`,
    })
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    emit({ type: 'note', level: 'warning', text: `${server.name} could not be rolled back: ${error.message}` })
  }
  return server.name
}

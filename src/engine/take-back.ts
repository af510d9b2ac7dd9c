import { ordersPath } from '../blueprint/blueprint.ts'
import { TrimaranError } from '../errors/failure.ts'
import type { ServerChange } from '../plan/plan.ts'
import { sh } from '../shell/sh.ts'
import type { Orders } from '../stack/orders.ts'
import { type OrdersSeal, writeOrders } from '../stack/orders-copy.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { type AuditEntry, takeBackScript } from './apply-script.ts'
import type { Tell } from '../events/event.ts'

export interface TakeBackOptions {
  readonly connect: (server: Server) => Promise<Connection>
  /** The orders that stand from now on: those from before, with a number above those that are taken back. */
  readonly orders: Orders
  readonly seal: OrdersSeal
  /** What the manifest of each server said before. */
  readonly manifestOf: (server: string) => readonly string[]
  readonly audit: AuditEntry
  readonly tell: Tell
}

/** Longest that a server may take: its old release still runs, and has only to be let in again. */
const deadlineSeconds = 300
const mostLetters = 1_000_000
/** So much of what a server said is told. */
const mostTold = 600

/**
 * Takes back on every server what was done there, all at once, and puts the old orders into force again.
 * @returns names of the servers on which that did not succeed.
 */
export async function takeBack(applied: readonly ServerChange[], options: TakeBackOptions): Promise<readonly string[]> {
  const turns = [...Map.groupBy(applied, ({ server }) => server.name).values()]
  const done = await Promise.all(turns.map((ofOne) => takeBackOn(ofOne, options)))
  return done.flatMap((name) => name ?? [])
}

async function takeBackOn(
  turns: readonly ServerChange[],
  { connect, orders, seal, manifestOf, audit, tell }: TakeBackOptions,
): Promise<string | undefined> {
  const { server } = turns[0]!
  const after = sh`
    printf '%s' ${writeOrders(orders, seal)} >${ordersPath}.new
    chmod 0600 ${ordersPath}.new
    mv -f ${ordersPath}.new ${ordersPath}
  `
  const script = takeBackScript(turns, { audit, after, manifest: manifestOf(server.name) })
  try {
    const connection = await connect(server)
    const { code, stderr } = await connection.run(script.text, { deadlineSeconds, mostLetters })
    if (code === 0) return undefined
    tell({
      type: 'note',
      level: 'warning',
      text: `${server.name} could not be taken back: ${stderr.trim().slice(0, mostTold)}`,
    })
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    tell({ type: 'note', level: 'warning', text: `${server.name} could not be taken back: ${error.message}` })
  }
  return server.name
}

import { handOverPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import type { Server, TierName } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { type Paused, pauseRequests } from './pause-requests.ts'
import { type Measured, measureWrites } from './measure-writes.ts'

export interface Move {
  readonly tier: TierName
  /** The unit that hands over. */
  readonly unit: string
  readonly from: Server
  readonly to: string
  /** Callers that can pause their requests. */
  readonly pausers: readonly Server[]
  /** The program on `from` that measures, and the addresses that it writes to. Without it, nothing is measured. */
  readonly measure?: { readonly program: string; readonly addresses: readonly string[] }
}

export interface Moved extends Measured {
  readonly ok: boolean
  /** The server's output: which server leads now, or why it failed. */
  readonly said: string
  /** Callers that could not pause; then nothing was moved. */
  readonly refused: readonly { readonly server: string; readonly why: string }[]
  readonly paused: readonly Paused[]
}

const deadlineSeconds = 240
const mostLetters = 100_000

/**
 * Moves the lead to another server, and measures: first a checkpoint, then callers pause, the lead moves, and callers
 * go on.
 */
export async function moveLead(move: Move, connect: (server: Server) => Promise<Connection>): Promise<Moved> {
  const { tier, unit, from, to, pausers, measure } = move
  const leader = await connect(from)
  await leader.run(sh`timeout 60 ${handOverPath(unit)} --prepare`.text, { mostLetters })
  const endMeasuring =
    measure === undefined ? unmeasured : await measureWrites(leader, measure.program, measure.addresses)
  const pausing = await pauseRequests(pausers, tier, connect)
  if ('refused' in pausing) {
    return { ok: false, said: '', refused: pausing.refused, paused: [], ...(await endMeasuring()) }
  }
  const outcome = await handOver(leader, unit, to)
  const paused = await pausing.resume()
  return { ...outcome, refused: [], paused, ...(await endMeasuring()) }
}

const unmeasured = (): Promise<Measured> => Promise.resolve({ writes: 0 })

async function handOver(leader: Connection, unit: string, to: string): Promise<Pick<Moved, 'ok' | 'said'>> {
  try {
    const script = sh`timeout ${deadlineSeconds} ${handOverPath(unit)} ${to}`
    const { code, stdout, stderr } = await leader.run(script.text, {
      deadlineSeconds: deadlineSeconds + 10,
      mostLetters,
    })
    return { ok: code === 0, said: (stdout + stderr).trim() || 'the server did not say why' }
  } catch (error) {
    return { ok: false, said: (error as Error).message }
  }
}

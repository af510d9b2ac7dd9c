import { sh } from '../shell/sh.ts'
import type { Connection } from '../transport/transport.ts'

export interface Moved {
  readonly ok: boolean
  /** What the server said: who leads now, or why it did not work. */
  readonly said: string
  /** The longest time between two acknowledged writes; absent where none was acknowledged afterwards. */
  readonly pauseMilliseconds?: number
  /** So many writes the measurement rests on. */
  readonly writes: number
}

const deadlineSeconds = 240

/** Runs the program that hands the lead over and measures, on the server that leads. It ends by itself. */
export async function moveLead(
  connection: Connection,
  program: string,
  heir: string,
  addresses: readonly string[],
): Promise<Moved> {
  const script = sh`timeout ${deadlineSeconds} ${program} ${heir} ${addresses}`
  const { stdout, stderr } = await connection.run(script.text, { deadlineSeconds: deadlineSeconds + 10 })
  const row = stdout.split('\n').find((line) => line.startsWith('{'))
  if (row === undefined) return { ok: false, said: stderr.trim() || 'the server did not say why', writes: 0 }
  const { pauseMilliseconds, ...rest } = JSON.parse(row) as Moved & { readonly pauseMilliseconds: number | null }
  return { ...rest, ...(typeof pauseMilliseconds === 'number' && { pauseMilliseconds }) }
}

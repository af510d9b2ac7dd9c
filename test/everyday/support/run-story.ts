import { lostWrites } from '../../lab/support/load/lost-writes.ts'
import type { LoadReport } from '../../lab/support/load/report.ts'
import { startLoad } from '../../lab/support/load/start-load.ts'
import type { Stack } from './stack.ts'

/** Something that an operator does, or that happens to one. */
export interface Story {
  readonly name: string
  /** What must be there before visitors come. */
  readonly prepare?: (stack: Stack) => Promise<void>
  /** May answer with a remark for the table, such as how long a part of it took. */
  readonly work: (stack: Stack) => Promise<string | void>
  /** Nothing, unless stated; and never may an answer be wrong. */
  readonly mayFail?: Allowance
}

/**
 * What was under way on a server that was lost. What may be sent twice is sent again, so it may fail only where nobody is left
 * to do so: the balancer itself, or all of a tier.
 */
export interface Allowance {
  readonly what: 'unrepeatable' | 'any'
  /** At most as many as come in so many seconds. */
  readonly seconds: number
}

export interface Outcome {
  readonly name: string
  readonly report: LoadReport
  /** Keys of writes that were acknowledged, and are gone. */
  readonly lost: readonly string[]
  readonly remark: string
  /** What went wrong for the operator, where something did. */
  readonly mishap?: unknown
}

/** Requests a second. */
const rate = Number(process.env['RATE'] ?? 200)

/** How many requests of a story may fail, and how many of them may be such as may be sent twice. */
export function allowanceOf({ mayFail }: Story): { readonly failed: number; readonly repeatable: number } {
  const failed = (mayFail?.seconds ?? 0) * rate
  return { failed, repeatable: mayFail?.what === 'any' ? failed : 0 }
}

/** Lives through a story while visitors read and write at a constant rate, whatever becomes of it and of their requests. */
export async function runStory(stack: Stack, { name, prepare, work }: Story): Promise<Outcome> {
  await prepare?.(stack)
  const load = await startLoad({ url: stack.url, rate })
  const ended = await work(stack).then(
    (remark) => ({ remark: remark ?? '' }),
    (mishap: unknown) => ({ remark: 'it went wrong for the operator', mishap }),
  )
  const report = await load.stop()
  return { name, report, lost: await lostWrites(stack.project, report), ...ended }
}

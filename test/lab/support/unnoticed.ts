import { expect } from 'vitest'
import type { LoadReport } from './load/report.ts'
import { startLoad } from './load/start-load.ts'

/** Requests a second that a busy machine with two cores bears, beside the servers that answer them. */
const rate = 20

/** Does something to a stack while visitors are at it, and fails if one of them noticed. Prints what they met with. */
export async function unnoticed(url: string, what: string, work: () => Promise<void>): Promise<LoadReport> {
  const load = await startLoad({ url, rate })
  await work().finally(() => load.stop())
  const report = await load.stop()
  process.stdout.write(`${what}: ${report.sentence}\n`)
  expect(report, report.sentence).toMatchObject({ failed: 0, wrong: 0 })
  return report
}

import { columns } from '../../../src/ui/columns.ts'
import { lostWrites } from '../../lab/support/load/lost-writes.ts'
import type { LoadReport } from '../../lab/support/load/report.ts'
import { startLoad } from '../../lab/support/load/start-load.ts'
import type { Stack } from './stack.ts'

/** Something that an operator does, or that happens to one. */
export interface Story {
  readonly name: string
  /** May answer with a remark for the table, such as how long a part of it took. */
  readonly work: (stack: Stack) => Promise<string | void>
  /** So many requests may fail: those that were under way on a server that lost its power. None unless stated. */
  readonly mayFail?: number
}

export interface Outcome {
  readonly name: string
  readonly report: LoadReport
  /** Keys of writes that were acknowledged, and are gone. */
  readonly lost: readonly string[]
  readonly remark: string
}

/** Requests a second. */
const rate = Number(process.env['RATE'] ?? 200)

/** Lives through a story while visitors read and write at a constant rate, whatever becomes of their requests. */
export async function runStory(stack: Stack, { name, work }: Story): Promise<Outcome> {
  const load = await startLoad({ url: stack.url, rate })
  const remark = await work(stack).finally(() => load.stop())
  const report = await load.stop()
  return { name, report, lost: await lostWrites(stack.project, report), remark: remark ?? '' }
}

const head = ['story', 's', 'requests', 'failed', 'wrong', 'lost', 'p50 ms', 'p99 ms', 'slowest ms', 'gap ms', '']

export function tellOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, report, lost, remark }) => [
    name,
    report.seconds.toFixed(0),
    String(report.sent),
    String(report.failed),
    String(report.wrong),
    String(lost.length),
    report.milliseconds.p50.toFixed(0),
    report.milliseconds.p99.toFixed(0),
    report.milliseconds.slowest.toFixed(0),
    report.longestGap.toFixed(0),
    remark,
  ])
  const troubles = outcomes.flatMap(({ report: { failed, wrong, sentence } }) => (failed + wrong > 0 ? [sentence] : []))
  return [columns([head, ...rows], { right: [1, 2, 3, 4, 5, 6, 7, 8, 9] }), ...troubles].join('\n')
}

import { columns } from '../../../src/ui/columns.ts'
import type { Outcome } from './run-story.ts'

const head = ['story', 's', 'requests', 'failed', 'wrong', 'lost', 'p50 ms', 'p99 ms', 'slowest ms', 'gap ms']

/** The table that the suite prints, a row as each story ends, and the whole at its end. Below it, what remains to be said. */
export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, report, lost }) => {
    const { seconds, sent, failed, wrong, milliseconds, longestGap } = report
    const counts = [seconds, sent, failed, wrong, lost.length]
    const times = [milliseconds.p50, milliseconds.p99, milliseconds.slowest, longestGap]
    return [name, ...[...counts, ...times].map((figure) => figure.toFixed(0))]
  })
  const table = columns([head, ...rows], { right: head.slice(1).map((_, index) => index + 1) })
  return [table, ...outcomes.flatMap(formatMore)].join('\n')
}

function formatMore({ name, report: { failed, wrong, sentence }, remark }: Outcome): readonly string[] {
  const more = [...(remark === '' ? [] : [remark]), ...(failed + wrong > 0 ? [sentence] : [])]
  return more.map((words) => `  ${name}: ${words}`)
}

import { expect, it } from 'vitest'
import type { LoadReport } from '../../lab/support/load/report.ts'
import { formatOutcomes } from './format-outcomes.ts'

const report = (failed: number, sentence: string): LoadReport => ({
  run: 'load-1',
  seconds: 12.4,
  sent: 2480,
  failed,
  failedRepeatable: 0,
  wrong: 0,
  resent: 0,
  troubles: [],
  milliseconds: { p50: 4.4, p99: 31.2, slowest: 120 },
  longestGap: 88,
  latest: 3,
  acknowledged: [],
  byApp: {},
  sentence,
})

it('has a row for each story, and says below what a row cannot', () => {
  const outcomes = [
    { name: 'a rollback', report: report(0, 'all well'), lost: [], remark: 'whole 3.0 s' },
    { name: 'a power cut', report: report(7, 'first trouble: GET /'), lost: ['load-1-4'], remark: '' },
  ]
  expect(formatOutcomes(outcomes)).toBe(
    [
      'story         s  requests  failed  wrong  lost  p50 ms  p99 ms  slowest ms  gap ms',
      'a rollback   12      2480       0      0     0       4      31         120      88',
      'a power cut  12      2480       7      0     1       4      31         120      88',
      '  a rollback: whole 3.0 s',
      '  a power cut: first trouble: GET /',
    ].join('\n'),
  )
})

import { createHistogram } from 'node:perf_hooks'
import type { Reply } from './ask.ts'
import { type LoadReport, sentenceOf, type Trouble } from './report.ts'
import type { Visit } from './visits.ts'

const keptTroubles = 100

/** One request and its end. Times are milliseconds after the load began. */
export interface Ended {
  readonly visit: Visit
  readonly connection: 'kept' | 'fresh'
  readonly dueAt: number
  readonly sentAt: number
  readonly endedAt: number
  readonly reply: Reply
  /** What ended the first attempt, where a second one was made. */
  readonly stale?: Reply
}

/** Counts what visitors met. */
export interface Tally {
  readonly count: (ended: Ended) => void
  readonly report: (run: string, seconds: number) => LoadReport
}

export function createTally(): Tally {
  const counts = { sent: 0, failed: 0, failedRepeatable: 0, wrong: 0, resent: 0 }
  const troubles: Trouble[] = []
  const acknowledged: string[] = []
  const byApp: Record<string, number> = {}
  const microseconds = createHistogram()
  let [latest, lastGoodAt, longestGap] = [0, 0, 0]

  const note = (kind: Trouble['kind'], { visit, connection, sentAt, endedAt }: Ended, why: string): void => {
    counts[kind] += 1
    if (troubles.length >= keptTroubles) return
    const { method, path } = visit
    troubles.push({ kind, at: sentAt / 1000, after: endedAt - sentAt, method, path, connection, why })
  }

  const count = (ended: Ended): void => {
    const { visit, dueAt, sentAt, endedAt, reply, stale } = ended
    counts.sent += 1
    latest = Math.max(latest, sentAt - dueAt)
    if (stale !== undefined) note('resent', ended, String(stale.outcome))
    if (reply.outcome !== visit.status) {
      if (visit.isRepeatable) counts.failedRepeatable += 1
      return note('failed', ended, formatReply(reply))
    }
    const objection = visit.objection(reply.body)
    if (objection !== undefined) return note('wrong', ended, `${objection}: ${formatReply(reply)}`)
    microseconds.record(Math.max(1, Math.round((endedAt - sentAt) * 1000)))
    longestGap = Math.max(longestGap, endedAt - lastGoodAt)
    lastGoodAt = endedAt
    if (visit.key !== undefined) acknowledged.push(visit.key)
    const app = /"app":"([^"]*)"/.exec(reply.body)?.[1]
    if (app !== undefined) byApp[app] = (byApp[app] ?? 0) + 1
  }

  const report = (run: string, seconds: number): LoadReport => {
    const toMilliseconds = (figure: number): number => (counts.sent === 0 ? 0 : figure / 1000)
    const milliseconds = {
      p50: toMilliseconds(microseconds.percentile(50)),
      p99: toMilliseconds(microseconds.percentile(99)),
      slowest: toMilliseconds(microseconds.max),
    }
    const gap = Math.max(longestGap, seconds * 1000 - lastGoodAt)
    const report = { run, seconds, ...counts, troubles, milliseconds, longestGap: gap, latest, acknowledged, byApp }
    return { ...report, sentence: sentenceOf(report) }
  }
  return { count, report }
}

function formatReply({ outcome, body }: Reply): string {
  const beginning = body.replaceAll(/\s+/g, ' ').slice(0, 160)
  return beginning === '' ? String(outcome) : `${outcome} ${beginning}`
}
